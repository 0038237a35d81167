-- Documented views of one dataset, for any SQL client.

-- What stands today: the newest vintage of every measurement. `printed` is the value as printed
-- (93.1 for a share of 0.931).
create view {schema}.measurement as
select * exclude (known_until),
    case when unit in ('percent', 'percentage_points') then round(value * 100, decimals) else value end
        as printed
from {schema}.measurement_vintage where known_until is null;

-- The newest measured value of every series.
create view {schema}.latest as
select * from {schema}.measurement where value is not null and status = 'reported'
qualify row_number() over (
    partition by indicator, area, population_group
    order by period_end desc nulls last, known_from desc
) = 1;

-- Every rank with its conditions, its interval where it was computed, and names.
create view {schema}.index_ranking as
select r."index", r.edition, e.sort_day, r.scope, r.city, da.words as city_da, en.words as city_en,
    r.score, r.rank, r.tied, r."of", r.kind, i.low, i.median, i.high, i."first", i.held,
    i.draws, i.combinations, i.weights_basis, i.filled, r.source, r.synthetic
from {schema}.index_rank r
join {schema}.index_edition e on e."index" = r."index" and e.edition = r.edition
left join {schema}.index_rank_interval i on r.kind = 'computed' and i."index" = r."index"
    and i.edition = r.edition and i.scope = r.scope and i.city = r.city
left join {schema}.label da on da.kind = 'city' and da.code = r.city and da.lang = 'da'
left join {schema}.label en on en.kind = 'city' and en.code = r.city and en.lang = 'en';

-- The parts of every change of rank, one row each, in places; above 0 is a fall.
create view {schema}.index_change_part as
select "index", city, edition, against, scope, against_scope, kind, part, places, least, most,
    change, synthetic
from (
    select *, unnest(['own', 'others', 'field', 'method']) as part,
        unnest([own, others, field, method]) as places,
        unnest([null, others_low, field_low, null]) as least,
        unnest([null, others_high, field_high, null]) as most
    from {schema}.index_rank_change
);

-- Component scores beside the field's: the rank and number of cities with a score in the edition,
-- their mean, and the best score.
create view {schema}.index_profile as
select s."index", s.edition, s.city, s.component, c.number, c.lens,
    da.words as component_da, en.words as component_en, s.score,
    case when s.score is not null then 1 + count(*) filter (s.score is not null)
        over (partition by s."index", s.edition, s.component order by s.score desc nulls last
            range between unbounded preceding and current row exclude group) end as rank,
    count(s.score) over field as "of", avg(s.score) over field as mean,
    max(s.score) over field as best, s.synthetic
from {schema}.index_component_score s
join {schema}.index_component c on c."index" = s."index" and c.component = s.component
left join {schema}.label da on da.kind = 'component' and da.lang = 'da'
    and da.code = s."index" || '/' || s.component
left join {schema}.label en on en.kind = 'component' and en.lang = 'en'
    and en.code = s."index" || '/' || s.component
window field as (partition by s."index", s.edition, s.component);

-- The status of every goal with its labels.
create view {schema}.goal_status as
select a.policy, a.round, a.goal, g.number, a.status, a.status_published, a.status_computed,
    a.reason, g.lead_committee, da.words as goal_da, en.words as goal_en, a.synthetic
from {schema}.goal_assessment a join {schema}.goal g using (goal)
left join {schema}.label da on da.kind = 'goal' and da.code = a.goal and da.lang = 'da'
left join {schema}.label en on en.kind = 'goal' and en.code = a.goal and en.lang = 'en';

-- Every correction with the figure it took the place of, both as printed; `after` is blank where
-- the figure was taken back. A round held in [wrong_from, corrected_on) showed the wrong one.
create view {schema}.erratum as
select c.*, old.unit, old.decimals, old.known_from as wrong_from,
  case when old.unit in ('percent', 'percentage_points') then round(old.value * 100, old.decimals)
    else old.value end as before,
  case when new.status is distinct from 'reported' then null
    when new.unit in ('percent', 'percentage_points') then round(new.value * 100, new.decimals)
    else new.value end as after, old.synthetic
from {schema}.correction c
join {schema}.measurement_vintage old on old.indicator = c.indicator and old.area = c.area
  and old.population_group = c.population_group and old.known_until = c.corrected_on
  and old.period is not distinct from c.period
  and (c.period is not null or old.reported_round = c.reported_round)
left join {schema}.measurement_vintage new on new.correction = c.correction
  and new.known_from = c.corrected_on;

-- Every figure that is hidden in a round, as it was known when the round was held.
create view {schema}.round_suppression as
select r.round, s.indicator, s.area, s.population_group, s.period, s.reported_round, s.known_from,
    s.hidden_by, s.synthetic
from {schema}.suppression s join {schema}.round r on s.known_from <= r.published_day
left join {schema}.measurement_vintage m on m.indicator = s.indicator and m.area = s.area
    and m.population_group = s.population_group and m.period is not distinct from s.period
    and m.reported_round is not distinct from s.reported_round and m.known_from = s.known_from
where not r.missed and (m.known_until is null or m.known_until > r.published_day);

-- The three answers of every series in one row, and the policy's own status beside them.
create view {schema}.assessment as
select a.policy, a.round, a.goal, a.indicator, a.area, a.population_group, a.own,
    any_value(code) filter (question = 'level') as level,
    any_value(amount) filter (question = 'level') as distance,
    any_value(code) filter (question = 'direction') as direction,
    any_value(amount) filter (question = 'direction') as change,
    any_value(low) filter (question = 'direction') as change_low,
    any_value(high) filter (question = 'direction') as change_high,
    any_value(code) filter (question = 'pace') as pace,
    any_value(amount) filter (question = 'pace') as projected,
    any_value(low) filter (question = 'pace') as projected_low,
    any_value(high) filter (question = 'pace') as projected_high,
    any_value(probability) filter (question = 'pace') as probability,
    any_value(i.status) as status, any_value(i.rule) as rule, any_value(points) as points,
    any_value(a.synthetic) as synthetic
from {schema}.answer a left join {schema}.indicator_assessment i
    on a.own and i.policy = a.policy and i.round = a.round and i.goal = a.goal
    and i.indicator = a.indicator
group by all;

-- history('code'), history('code', place := '101', people := 'residents:all'): the figures of an
-- indicator in time, everywhere or in one area, of every group or of one.
create macro {schema}.history(which, place := null, people := null) as table
select m.indicator, m.area, m.population_group, m.period, m.printed, m.unit, m.value, m.low, m.high,
    m.status, m.source
from {schema}.measurement m join {schema}.series s using (series_id)
where s.indicator = which and (place is null or s.area = place)
    and (people is null or s.population_group = people)
order by m.series_id, m.period_end, m.known_from;

-- trend_of('code'), trend_of('code', place := '101', people := 'residents:all'): what the trend
-- engine tells of its series, with slopes and projections as printed (percentage points a year).
create macro {schema}.trend_of(which, place := null, people := null) as table
select t.indicator, t.area, t.population_group, t.n as points, t.evidence, t.direction,
    t.slope * u.scale as slope, t.low * u.scale as low, t.high * u.scale as high,
    t.se * u.scale as se, t.p, t.r2, t.sen * u.scale as sen, t.sen_low * u.scale as sen_low,
    t.sen_high * u.scale as sen_high, t.rank_p, t.target, t.target_value * u.scale as target_value,
    t.projected * u.scale as projected, t.projected_low * u.scale as projected_low,
    t.projected_high * u.scale as projected_high, t.p_reach, t.meets, t.never
from {schema}.trend t join {schema}.indicator i using (indicator),
    lateral (select case when i.unit in ('percent', 'percentage_points') then 100 else 1 end as scale) u
where t.indicator = which and (place is null or t.area = place)
    and (people is null or t.population_group = people)
order by t.series_id;

-- latest_of('code'), latest_of('code', people := 'residents:all'): the newest measured figure of an
-- indicator in every area.
create macro {schema}.latest_of(which, people := null) as table
select l.* from {schema}.latest l
where l.indicator = which and (people is null or l.population_group = people) order by l.series_id;

-- assessment_of('2019-2022'), assessment_of('2019-2022', held := '2021-01'): the three answers of
-- every series of a policy in a round, its newest unless named.
create macro {schema}.assessment_of(plan, held := null) as table
select a.* from {schema}.assessment a
where a.policy = plan and a.round = coalesce(held, (
    select max_by(r.round, r.published_day) from {schema}.round r
    join {schema}.answer o on o.round = r.round where o.policy = plan))
order by a.goal, a.indicator, a.area, a.population_group;

-- The newest gap of every group as it stands, in the unit readers see, with its change since the
-- first comparable period.
create view {schema}.gap_now as
with newest as (
    select * from {schema}.gap where known_until is null
    qualify row_number() over (
        partition by indicator, area, population_group, comparison, against
        order by period_end desc nulls last, period desc
    ) = 1)
select g.indicator, g.area, g.population_group, g.comparison, g.against, g.period, g.unit,
    round(g.gap * s.scale, g.decimals) as gap, round(g.low * s.scale, g.decimals + 1) as low,
    round(g.high * s.scale, g.decimals + 1) as high, round(g.ratio, 3) as ratio,
    round(g.ratio_low, 3) as ratio_low, round(g.ratio_high, 3) as ratio_high, g.p,
    g.distinguishable, c.from_period as first_period,
    round(c.change * s.scale, g.decimals) as change_since_first,
    c.distinguishable as change_distinguishable, g.synthetic
from newest g left join {schema}.gap_change c on c.indicator = g.indicator and c.area = g.area
    and c.population_group = g.population_group and c.comparison = g.comparison
    and c.against = g.against and c.since = 'first',
lateral (select case when g.unit = 'percentage_points' then 100 else 1 end as scale) s;

-- gap_of('code'), gap_of('code', place := '101', compared := 'reference'): how far groups lie from
-- what they are compared with, the newest gaps as readers see them.
create macro {schema}.gap_of(which, place := null, compared := null) as table
select g.* from {schema}.gap_now g
where g.indicator = which and (place is null or g.area = place)
    and (compared is null or g.against = compared)
order by g.area, g.population_group, g.against, g.comparison;
