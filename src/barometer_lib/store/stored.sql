-- query figures: The figures of an indicator in time, everywhere or in one area, of every group or of one.
-- param indicator: an indicator
-- param area?: only this area
-- param group?: only this group
select area, population_group as "group", period, printed as value, unit, status, source
from history($indicator, place := $area, people := $group)

-- query newest: The newest measured figure of an indicator in every area that has one.
-- param indicator: an indicator
-- param group?: only this group
select area, population_group as "group", period, printed as value, unit, source
from latest_of($indicator, people := $group)

-- query trends: What the trend engine tells of every series of an indicator, slopes as printed.
-- param indicator: an indicator
-- param area?: only this area
-- param group?: only this group
select * from trend_of($indicator, place := $area, people := $group)

-- query gaps: How far groups lie from what they are compared with: the newest gaps of an indicator.
-- param indicator: an indicator
-- param area?: only this area
-- param against?: only compared with this: reference, rest, mean or target
select area, population_group as "group", against, comparison, period, gap, low, high, unit, ratio,
    distinguishable, change_since_first, first_period
from gap_of($indicator, place := $area, compared := $against)

-- query moving: The series that improve or worsen in an area, the surest first.
-- param area: an area
-- param most?: how many rows at most (20)
select t.indicator, t.population_group as "group", t.direction, t.n as points,
    t.slope * case when i.unit in ('percent', 'percentage_points') then 100 else 1 end as slope, t.p
from trend t join indicator i using (indicator)
where t.area = $area and t.direction in ('improving', 'worsening')
order by t.p, t.indicator, t.population_group limit coalesce($most::integer, 20)

-- query overview: How many series are told what, by direction and how much their points can tell.
-- param area?: only this area
select direction, evidence, sum(series)::bigint as series from summary
where $area is null or area = $area group by all order by direction, evidence

-- query short_of_target: Series whose line misses their target's period: the chance to be there, surest miss first.
-- param area?: only this area
select indicator, area, population_group as "group", target, target_period, n as points, p_reach,
    meets, never
from trend where p_reach < 0.5 and ($area is null or area = $area)
order by p_reach, indicator, area, population_group

-- query answers: Level, direction and pace of a policy's indicators in a round (its newest unless named).
-- param policy: a policy
-- param round?: a round that judges it
select goal, indicator, area, population_group as "group", level, distance, direction, change, pace,
    projected, probability, status
from assessment_of($policy, held := $round) where own

-- query verdicts: What every named rule says of a policy's indicators in a round, side by side.
-- param policy: a policy
-- param round?: a round that judges it (the newest)
select v.goal, v.indicator, v.rule, v.role, v.verdict, v.told, v.probability, v.reason
from rule_verdict v where v.policy = $policy and v.own and v.round = coalesce($round,
    (select max_by(r.round, r.published_day) from round r join rule_verdict o using (round)
    where o.policy = $policy))
order by v.goal, v.indicator, v.role, v.rule

-- query revised: Figures that were revised: as first known, as they stand, in stored units.
-- param indicator?: only this indicator
select first.indicator, first.area, first.population_group as "group", first.period,
    first.value as first_known, first.known_from as first_day, now.value as stands, now.known_from as since
from measurement_vintage first join measurement_vintage now
    on now.series_id = first.series_id and now.period is not distinct from first.period
    and now.reported_round is not distinct from first.reported_round and now.known_until is null
where first.known_until is not null and first.value is distinct from now.value
    and ($indicator is null or first.indicator = $indicator)
    and not exists (select 1 from measurement_vintage before where before.series_id = first.series_id
        and before.period is not distinct from first.period
        and before.reported_round is not distinct from first.reported_round
        and before.known_from < first.known_from)
order by first.indicator, first.area, first.population_group, first.period

-- query ranks: The ranks of an index, every edition and scope, best first.
-- param index: an index
-- param city?: only this city
select edition, scope, city, rank, tied, "of", score, kind from index_rank
where "index" = $index and ($city is null or city = $city) order by edition, scope, rank, city
