-- The tables of one dataset ({schema} is `published` or `demo`; nothing joins the two).
-- Shares (units percent and percentage_points) are 0-1; every other unit is as printed.
create schema {schema};

create table {schema}.dataset (
    dataset varchar not null, synthetic boolean not null, home_area varchar not null,
    start_policy varchar not null, start_round varchar not null, start_indicator varchar not null,
    start_index varchar not null, start_edition varchar not null, start_scope varchar not null
);
create table {schema}.label (
    kind varchar not null, code varchar not null, lang varchar not null, words varchar not null
);
create table {schema}.source (
    source varchar not null, address varchar not null, published varchar, publisher varchar,
    licence varchar, sureness varchar not null, position integer not null
);
create table {schema}.delivery (
    delivery varchar not null, title varchar not null, source varchar not null,
    address varchar not null, received date not null, licence varchar not null,
    sureness varchar not null, synthetic boolean not null, note varchar, known_to date
);
-- Checksums of what the dataset was built from: each delivery, and everything else as one.
create table {schema}.built_from (part varchar not null, checksum varchar not null);
create table {schema}.decision (
    decision varchar not null, body varchar not null, decided date, decided_period varchar,
    case_number varchar, document_number varchar, agenda_item varchar, address varchar,
    position integer not null
);
create table {schema}.policy (
    policy varchar not null, form varchar not null, status varchar not null,
    first_year integer not null, last_year integer, rule varchar not null, base_period varchar,
    least_probability double,
    decision varchar, sources varchar[], position integer not null
);
create table {schema}.rule_change (policy varchar not null, round varchar not null, rule varchar not null);
create table {schema}.effort_area (
    effort_area varchar not null, policy varchar not null, number integer, position integer not null
);
create table {schema}.goal (
    goal varchar not null, policy varchar not null, number integer, effort_area varchar,
    parent varchar, lead_committee varchar, contributing_committees varchar[],
    target_adopted boolean, sources varchar[], position integer not null
);
create table {schema}.goal_indicator (
    goal varchar not null, indicator varchar not null, number integer, counts boolean not null,
    position integer not null
);
create table {schema}.indicator (
    indicator varchar not null, kind varchar not null, unit varchar not null,
    decimals integer not null, polarity varchar not null, polarity_basis varchar not null,
    basis varchar not null, frequency varchar not null, population_group varchar not null,
    reference_group varchar, source varchar, ends varchar, successor varchar,
    counts_areas_of varchar, design_effect double, position integer not null
);
create table {schema}.series_break (
    indicator varchar not null, start varchar not null, start_day date not null,
    reason varchar not null, area_level varchar, linked boolean not null, link_method varchar,
    link_indicator varchar, link_overlap varchar[]
);
-- The links of series over a break, as known from one day until another: the new method against
-- the old in the periods measured by both. `refused` tells why there is none.
create table {schema}.series_link (
    indicator varchar not null, start varchar not null, area varchar not null,
    population_group varchar not null, method varchar not null, old_indicator varchar not null,
    overlap varchar[] not null, factor double, standard_error double, refused varchar,
    known_from date not null, known_until date
);
-- Figures before a linked break on the new basis, the figure as delivered beside; 95 % limits hold
-- the link's own uncertainty and are blank where it is not known.
create table {schema}.linked_measurement (
    indicator varchar not null, area varchar not null, population_group varchar not null,
    period varchar not null, period_start date not null, period_end date not null,
    value double not null, low double, high double, variance double,
    original_value double not null, original_indicator varchar not null, unit varchar not null,
    decimals integer not null, start varchar not null, linked_over date not null,
    source varchar not null, known_from date not null, known_until date, synthetic boolean not null
);
create table {schema}.target (
    target varchar not null, policy varchar not null, goal varchar, indicator varchar,
    "index" varchar, form varchar not null, applies_to varchar not null, value double, unit varchar,
    direction varchar, baseline_period varchar, baseline_value double, target_period varchar,
    valid_from date, valid_to date, owners varchar[], decision varchar, source varchar not null,
    evidence_delivery varchar, evidence_file varchar, evidence_line integer,
    position integer not null
);
create table {schema}.milestone (target varchar not null, period varchar not null, value double not null);
create table {schema}.committee (
    committee varchar not null, administration varchar not null, source varchar not null,
    position integer not null
);
create table {schema}.office_holder (
    committee varchar not null, name varchar not null, held_from date not null, held_to date,
    source varchar not null
);
create table {schema}.area (
    area varchar not null, level varchar not null, parent varchar, division varchar,
    division_version varchar, lies_in varchar[], square_metres bigint, position integer not null
);
create table {schema}.population_group (
    population_group varchar not null, definition varchar not null, total boolean not null,
    parts varchar[], position integer not null
);
create table {schema}.round (
    round varchar not null, published varchar not null, published_day date not null,
    missed boolean not null, source varchar not null, position integer not null,
    state varchar not null, declared boolean not null
);
-- The steps of rounds with a life of their own, and what they were released and frozen with. Times
-- carry their zone and are text.
create table {schema}.round_step (
    round varchar not null, state varchar not null, by_name varchar not null, taken_at varchar not null
);
create table {schema}.round_release (
    round varchar not null, release varchar not null, checksum varchar, accepted_reason varchar,
    accepted_by varchar, accepted_warnings varchar[]
);
create table {schema}.round_policy (round varchar not null, policy varchar not null);
create table {schema}.round_statement (
    round varchar not null, effort_area varchar not null, status varchar not null,
    source varchar not null
);
create table {schema}.comment (
    comment varchar not null, indicator varchar not null, round varchar not null,
    written date not null, author varchar not null
);
-- The letters to committees: what holds for all letters of a round, each letter, and each reply.
-- Free texts are labels of the kinds letter_challenges (code round/committee) and letter_reply.
create table {schema}.letter_round (
    round varchar not null, written date, reply_by date, address varchar, sender varchar,
    signed_by varchar, unassigned_to varchar
);
create table {schema}.letter (
    round varchar not null, committee varchar not null, case_number varchar,
    document_number varchar, mailbox varchar, approved_by varchar, approved_on date,
    challenges_by varchar, challenges_on date, no_challenges boolean not null
);
create table {schema}.letter_paper (
    round varchar not null, kind varchar not null, case_number varchar, document_number varchar,
    approved_by varchar, approved_on date
);
create table {schema}.letter_reply (
    reply varchar not null, round varchar not null, committee varchar not null,
    form varchar not null, received date not null, goal varchar, case_number varchar,
    document_number varchar, amount bigint, budget_year integer, taken_note_in varchar
);
create table {schema}.charter_commitment (
    commitment varchar not null, role varchar not null, source varchar not null,
    position integer not null
);

-- The indicators by which the ordinary follow-up meets a commitment.
create table {schema}.commitment_indicator (
    commitment varchar not null, indicator varchar not null
);
-- A city's own answer on a commitment in a year; `city` is blank for the home city.
create table {schema}.self_assessment (
    self_assessment varchar not null, commitment varchar not null, city varchar,
    "year" integer not null, answer varchar not null, author varchar not null, evidence varchar[],
    source varchar not null, position integer not null
);
create table {schema}.city (
    city varchar not null, country varchar not null, in_europe boolean not null
);
create table {schema}.city_population (
    city varchar not null, inhabitants bigint not null, as_of varchar not null,
    foreign_born_percent double, note varchar, source varchar not null
);
create table {schema}.index_definition (
    "index" varchar not null, unit varchar not null, home_city varchar not null,
    weights_public boolean not null, decimals integer not null, peers varchar,
    source varchar not null
);
create table {schema}.index_component (
    "index" varchar not null, component varchar not null, number integer not null,
    lens boolean not null
);
create table {schema}.index_weight (
    "index" varchar not null, weights varchar not null, basis varchar not null,
    component varchar not null, weight double not null, source varchar
);
create table {schema}.index_edition (
    "index" varchar not null, edition varchar not null, precision varchar not null,
    sort_day varchar not null, weights varchar
);
create table {schema}.index_scope (
    "index" varchar not null, scope varchar not null, members varchar not null,
    inhabitants_over bigint, inhabitants_under bigint, foreign_born_over double,
    foreign_born_under double, in_europe boolean, cities varchar[], position integer not null
);
create table {schema}.index_component_score (
    "index" varchar not null, city varchar not null, edition varchar not null,
    component varchar not null, score double, note varchar, source varchar not null,
    delivery varchar not null, file varchar not null, line integer not null,
    synthetic boolean not null
);
create table {schema}.index_score (
    "index" varchar not null, city varchar not null, edition varchar, score double,
    claimed_rank integer, claimed_of integer, claimed_scope varchar, claimed_tied boolean,
    precision varchar, role varchar, sureness varchar, note varchar, source varchar not null,
    delivery varchar not null, file varchar not null, line integer not null,
    synthetic boolean not null
);
create table {schema}.index_rank (
    "index" varchar not null, edition varchar not null, scope varchar not null,
    city varchar not null, score double, rank integer not null, tied boolean, "of" integer,
    kind varchar not null, source varchar, synthetic boolean not null
);
create table {schema}.index_field_size (
    "index" varchar not null, edition varchar, edition_text varchar, scope varchar,
    cities integer not null, evidence varchar, source varchar not null, delivery varchar not null,
    file varchar not null, line integer not null, synthetic boolean not null
);
create table {schema}.index_rank_refusal (
    "index" varchar not null, edition varchar not null, scope varchar not null,
    reason varchar not null, scored integer not null, "of" integer
);
-- How a city's rank changed between two editions. `change` is the later rank less the earlier one:
-- above 0 the city fell, blank where the one field does not lie in the other. `own`, `others`, `field` and `method` add up to it; a part that cannot be
-- told is blank, with the least and most it may be where that can be told.
create table {schema}.index_rank_change (
    "index" varchar not null, city varchar not null, edition varchar not null,
    against varchar not null, scope varchar not null, against_scope varchar not null,
    kind varchar not null, score double, score_against double, rank integer not null,
    rank_against integer not null, tied boolean, tied_against boolean, "of" integer,
    of_against integer, change integer, own double, others double, field double,
    method double, field_low integer, field_high integer, others_low integer,
    others_high integer, common integer, rank_common integer, rank_common_against integer,
    joined integer, "left" integer, joined_ahead varchar[], left_ahead varchar[],
    passed varchar[], passed_by varchar[], untold varchar[], synthetic boolean not null
);
-- How far a computed rank holds: the ranks of nine in ten draws, in which every weighting is as likely
-- as every other and the index is made in `combinations` ways. `first` and `held` are the shares of
-- draws (0-1) at rank 1 and at the computed rank.
create table {schema}.index_rank_interval (
    "index" varchar not null, edition varchar not null, scope varchar not null,
    city varchar not null, low integer not null, median integer not null, high integer not null,
    "first" double not null, held double not null, draws integer not null,
    combinations integer not null, weights_basis varchar not null, filled integer not null,
    synthetic boolean not null
);
-- How often a city is ahead of the three before and after it in the list: a share of the draws, 0-1.
-- `step` is where the other stands: 1 is the next one down.
create table {schema}.index_rank_ahead (
    "index" varchar not null, edition varchar not null, scope varchar not null,
    city varchar not null, other varchar not null, step integer not null, rank integer not null,
    rank_other integer not null, ahead double not null, synthetic boolean not null
);
-- The fewest points by which the home city reaches a better rank while the others stand still.
create table {schema}.index_rank_path (
    "index" varchar not null, edition varchar not null, scope varchar not null,
    city varchar not null, wished integer not null, possible boolean not null,
    component varchar not null, points double not null, reaches double not null,
    score double not null, rank integer not null, synthetic boolean not null
);
-- Conditions under which the home city's rank holds whatever else the weights are, proven.
create table {schema}.index_rank_hold (
    "index" varchar not null, edition varchar not null, scope varchar not null,
    city varchar not null, kind varchar not null, component varchar, share double not null,
    rank integer not null, breaker varchar, synthetic boolean not null
);

-- The dictionary of series: one indicator of one group in one area. Numbers hold within one store.
create table {schema}.series (
    series_id integer not null, indicator varchar not null, area varchar not null,
    population_group varchar not null
);
-- Every value as delivered, every vintage kept, sorted by series and time. A figure told as a multiple of a base, to protect
-- people, has the base in `rounded_to`. `known_from` is the day it was known, and
-- `known_until` the day a later vintage replaced it (blank: it still stands).
create table {schema}.measurement_vintage (
    series_id integer not null, indicator varchar not null, area varchar not null, population_group varchar not null,
    period varchar, period_start date, period_end date, reported_round varchar,
    value double, low double, high double, unit varchar not null, decimals integer not null,
    numerator double, denominator double, sample_size double, status varchar not null, published_change double,
    change_unit varchar, change_since varchar, published_significance varchar,
    source varchar not null, known_from date not null, known_from_basis varchar not null,
    known_until date, delivery varchar not null, file varchar not null, line integer not null,
    sureness varchar not null, synthetic boolean not null, correction varchar,
    rounded_to integer
);
-- What was corrected in delivered figures; the old and the new figure are vintages, the reason is
-- the label of kind `correction`. `until` is the day from which the source has mended itself.
create table {schema}.correction (
    correction varchar not null, indicator varchar not null, area varchar not null,
    population_group varchar not null, period varchar, reported_round varchar,
    kind varchar not null, corrected_on date not null, until date, by_name varchar not null,
    case_number varchar not null
);
-- Figures under clarification: who raised it and when, and when it was decided (blank: not yet).
-- Reason and outcome are the labels of kinds `dispute` and `dispute_outcome`.
create table {schema}.dispute (
    dispute varchar not null, indicator varchar not null, area varchar not null,
    population_group varchar not null, period varchar, reported_round varchar,
    raised_on date not null, by_name varchar not null, decided_on date
);
-- How much the standing figures of an indicator were revised since they were first known, in the
-- unit of its values; measurements that were corrected are left out and counted.
create table {schema}.revision_statistics (
    indicator varchar not null, unit varchar not null, decimals integer not null,
    measurements integer not null, revised integer not null, corrected integer not null,
    mean_revision double, mean_absolute_revision double, relative_mean_absolute_revision double,
    synthetic boolean not null
);

-- Every figure that is hidden to protect people, by vintage; `round` is the first that was held
-- with it hidden. Which of them are small and which only keep the small from being worked out is
-- not told: that would tell the small ones.
create table {schema}.suppression (
    round varchar, indicator varchar not null, area varchar not null,
    population_group varchar not null, period varchar, reported_round varchar,
    known_from date not null, hidden_by varchar not null, synthetic boolean not null
);

create table {schema}.published_verdict (
    round varchar not null, goal varchar not null, status varchar not null, source varchar
);
-- One row per indicator of a goal in a round. `change` has the unit `change_unit` in shares of 1.
create table {schema}.indicator_assessment (
    policy varchar not null, round varchar not null, goal varchar not null,
    indicator varchar not null, area varchar not null, population_group varchar not null,
    position integer not null, counts boolean not null, rule varchar not null, value double, unit varchar not null,
    decimals integer not null, period varchar, reference_period varchar, reference_value double,
    change double, change_printed double, change_unit varchar, change_low double, change_high double,
    change_kind varchar, significant boolean, status varchar, reason varchar not null,
    facts json not null, source varchar, synthetic boolean not null
);
-- One row per goal in a round: the published status, the computed one beside it, and why.
create table {schema}.goal_assessment (
    policy varchar not null, round varchar not null, goal varchar not null, rule varchar not null,
    status varchar, status_published varchar, status_computed varchar, reason varchar not null,
    facts json not null, source varchar, synthetic boolean not null
);
-- The three answers of a series in a round: `question` is level, direction or pace (fast enough).
-- `amount`, `low` and `high` are as printed, in `unit`; `own` marks the series its policy is judged by.
create table {schema}.answer (
    policy varchar not null, round varchar not null, goal varchar not null,
    indicator varchar not null, area varchar not null, population_group varchar not null,
    own boolean not null, period varchar, question varchar not null, code varchar not null, reason varchar not null,
    evidence varchar not null, points integer not null, amount double, low double, high double,
    unit varchar, decimals integer not null, probability double, facts json not null,
    synthetic boolean not null
);
-- What every named rule says of a series in a round. `role` is own (the policy judges by it), before
-- (it did until this round) or compared.
create table {schema}.rule_verdict (
    policy varchar not null, round varchar not null, goal varchar not null,
    indicator varchar not null, area varchar not null, population_group varchar not null,
    own boolean not null, period varchar, rule varchar not null, version varchar not null, role varchar not null, verdict varchar,
    told varchar, "between" varchar[], reason varchar not null, measure double, score double,
    probability double, chances json not null, facts json not null, synthetic boolean not null
);
-- What the trend engine tells of each series as it stands: one row per series, sorted. Slopes are
-- per year; values are in stored units; times are in years (2013.5 is the middle of 2013).
create table {schema}.trend (
    series_id integer not null, indicator varchar not null, area varchar not null,
    population_group varchar not null, evidence varchar not null, direction varchar not null,
    points_before_break bigint not null, target varchar, target_period varchar, target_value double,
    n bigint not null, first_time double, last_time double, first_value double, last_value double,
    slope double, intercept double, mean_time double, mean_value double, se double, t double,
    p double, low double, high double, r2 double, sigma double, level boolean not null,
    projected double, line_low double, line_high double, se_projected double, projected_low double,
    projected_high double, p_reach double, meets double, meets_low double, meets_high double,
    never boolean not null, required_pace double, pace_ratio double, closed double,
    met boolean not null, s double, var double, z double, rank_p double, rank_exact boolean,
    sen double, sen_low double, sen_high double, sen_intercept double
);
-- How many series of an indicator in an area are told what.
create table {schema}.summary (
    area varchar not null, indicator varchar not null, evidence varchar not null,
    direction varchar not null, series bigint not null
);

-- One row per group beside what it is compared with (`against`: reference, rest, mean or target), in
-- each area and period both were reported in, for the days on which just these two figures stood.
-- `comparison` is the group compared with, or the target. Limits are blank where a figure has no n.
create table {schema}.gap (
    indicator varchar not null, area varchar not null, population_group varchar not null,
    comparison varchar not null, against varchar not null, period varchar not null, period_end date,
    unit varchar not null, decimals integer not null, value double not null,
    comparison_value double not null, n double, comparison_n double, gap double not null,
    low double, high double, ratio double, ratio_low double, ratio_high double, p double,
    distinguishable boolean, reason varchar, known_from date not null, known_until date,
    synthetic boolean not null
);
-- The newest gap of each series as it stands against the first comparable one and the one before.
create table {schema}.gap_change (
    indicator varchar not null, area varchar not null, population_group varchar not null,
    comparison varchar not null, against varchar not null, unit varchar not null,
    decimals integer not null, since varchar not null, from_period varchar not null,
    to_period varchar not null, change double not null, low double, high double,
    distinguishable boolean, ratio_change double, smallest double, synthetic boolean not null
);
-- One row per district beside its city, for shares that carry their n, as they stand.
create table {schema}.district_comparison (
    indicator varchar not null, division varchar not null, population_group varchar not null,
    period varchar not null, period_end date, area varchar not null, value double not null,
    decimals integer not null, low double, high double, benchmark_kind varchar not null,
    benchmark double not null, difference double not null, difference_low double,
    difference_high double, ratio double, ratio_low double, ratio_high double, p double,
    p_adjusted double, extreme varchar, funnel_low double, funnel_high double,
    funnel varchar not null, one_interval varchar not null, two_intervals varchar not null,
    control varchar not null, overlap varchar not null, quintile integer, spine_place double,
    known_from date not null, synthetic boolean not null
);
-- How unequal a division's districts are, with what chance alone would give.
create table {schema}.district_inequality (
    indicator varchar not null, division varchar not null, population_group varchar not null,
    period varchar not null, period_end date, measure varchar not null, districts integer not null,
    value double not null, low double, high double, chance double, chance_high double,
    synthetic boolean not null
);
-- The change of a share split into composition and rate, over a group's groups (`strata` is groups)
-- or a city's districts (`strata` is their division).
create table {schema}.decomposition (
    indicator varchar not null, area varchar not null, population_group varchar not null,
    strata varchar not null, since varchar not null, from_period varchar not null,
    to_period varchar not null, parts integer not null, change double not null,
    composition double not null, composition_low double, composition_high double,
    rate double not null, rate_low double, rate_high double, synthetic boolean not null
);
-- How unevenly a group lives over a division's districts, among the people a register counts.
create table {schema}.segregation (
    indicator varchar not null, division varchar not null, population_group varchar not null,
    among varchar not null, period varchar not null, period_end date, districts integer not null,
    measure varchar not null, value double not null, chance double, chance_high double, p double,
    synthetic boolean not null
);
-- Every test that a series has points enough for, as it stands, or why it is refused. `estimate`,
-- `low`, `high` and the numbers in `facts` are as printed, slopes per year.
create table {schema}.trend_test (
    indicator varchar not null, area varchar not null, population_group varchar not null,
    test varchar not null, code varchar not null, reason varchar not null, points integer not null,
    first_period varchar, estimate double, low double, high double, statistic double, p double,
    facts json not null, synthetic boolean not null
);
-- The forecast that a decision froze: the line through what was known that day, carried on, and how
-- later measurements lie by it. `code` is that of the newest; refused where `reason` says why.
create table {schema}.forecast (
    decision varchar not null, indicator varchar not null, area varchar not null,
    population_group varchar not null, target varchar not null, decided date not null,
    points integer not null, first_period varchar, last_period varchar, evidence varchar not null,
    code varchar not null, reason varchar, later integer not null, inside integer not null,
    better integer not null, worse integer not null, synthetic boolean not null
);
-- The forecast period by period with its 95 % interval, beside what was measured; as printed.
create table {schema}.forecast_point (
    decision varchar not null, indicator varchar not null, area varchar not null,
    population_group varchar not null, period varchar not null, period_end date not null,
    forecast double, low double, high double, value double, distance double,
    outcome varchar not null, synthetic boolean not null
);
