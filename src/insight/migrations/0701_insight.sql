-- SPDX-License-Identifier: Apache-2.0
-- What a home uses beside its neighbours.
--
--   bills of a month ─ sangden insight peers ─► peer_month ─ peer_group (n, order statistics)
--                                                    └────── peer_home  (which group it is shown)
--   facts of the first month of a year ─────────► peer_criteria (where a home belongs, all year)
--
-- Written once per month and unit in one transaction, and never again.

-- Parameters of a unit, dated: 'peer_floor', the fewest other homes a home is compared with.
-- @unit insight_parameter
-- @append_only insight_parameter
CREATE TABLE insight_parameter (
    unit_id     {i64} NOT NULL,
    name        TEXT NOT NULL CHECK (name = 'peer_floor'),
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64} CHECK (value_i64 IS NULL OR value_i64 >= 15),
    source      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, name, valid_from, entry_no)
) {strict};
-- @fact insight_parameter_asof FROM insight_parameter SUBJECT name

-- The publication of a month. known_at: the moment whose knowledge it rests on. home_count: homes
-- looked at.
-- @unit peer_month
-- @append_only peer_month
CREATE TABLE peer_month (
    unit_id    {i64} NOT NULL,
    month      {i64} NOT NULL CHECK (month BETWEEN 200001 AND 209912),
    known_at   {i64} NOT NULL,
    floor      {i64} NOT NULL CHECK (floor >= 15),
    home_count {i64} NOT NULL,
    actor_id   {i64} NOT NULL,
    PRIMARY KEY (unit_id, month)
) {strict};

-- Where a home belongs in a calendar year, as it stood at the end of the first period of that year
-- for which a month was published. households: the least of its band (1, 2, 3 to 5, 6 and more).
-- Zero: there is none.
-- @unit peer_criteria
-- @append_only peer_criteria
CREATE TABLE peer_criteria (
    unit_id      {i64} NOT NULL,
    year         {i64} NOT NULL,
    point_id     {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    urban        {i64} NOT NULL CHECK (urban IN (0, 1)),
    households   {i64} NOT NULL
        CHECK (households = 1 OR households = 2 OR households = 3 OR households = 6),
    station_id   {i64} NOT NULL,
    commune_id   {i64} NOT NULL,
    district_id  {i64} NOT NULL,
    province_id  {i64} NOT NULL,
    PRIMARY KEY (unit_id, year, point_id, agreement_id)
) {clustered};

-- Homes of one place, kind and length of period. place_id: the commune, district or province; of a
-- station the commune as well. days: the middle of the day counts, each within two of it.
-- member_count: homes that are counted. state 'published', or why nobody is shown it: 'too_few',
-- 'difference' (what is left of it beside the published groups inside it would be too few),
-- 'dominated' (one home has too much of the sum), 'unneeded' (all are shown a nearer one).
-- below_wh, middle_wh, above_wh: the values at positions n/2 - 1, n/2 and n/2 + 1 from the least;
-- low_sum_wh: of the least (n - 1)/5, low_edge_wh the greatest of these, low_next_wh the one behind.
-- All values are watt-hours per household.
-- @unit peer_group
-- @append_only peer_group
CREATE TABLE peer_group (
    unit_id      {i64} NOT NULL,
    month        {i64} NOT NULL,
    group_no     {i64} NOT NULL,
    level        TEXT NOT NULL CHECK (level = 'station' OR level = 'commune' OR
                                      level = 'district' OR level = 'province'),
    station_id   {i64} NOT NULL,
    place_id     {i64} NOT NULL,
    urban        {i64} NOT NULL CHECK (urban IN (0, 1)),
    households   {i64} NOT NULL,
    days         {i64} NOT NULL,
    member_count {i64} NOT NULL,
    state        TEXT NOT NULL
        CHECK (state = 'published' OR state = 'too_few' OR state = 'difference' OR
               state = 'dominated' OR state = 'unneeded'),
    median_kwh    {i64},
    efficient_kwh {i64},
    below_wh     {i64},
    middle_wh    {i64},
    above_wh     {i64},
    low_sum_wh   {i64},
    low_edge_wh  {i64},
    low_next_wh  {i64},
    sum_wh       {i64},
    top_wh       {i64},
    second_wh    {i64},
    PRIMARY KEY (unit_id, month, group_no),
    CHECK ((state = 'published') = (sum_wh IS NOT NULL)),
    FOREIGN KEY (unit_id, month) REFERENCES peer_month (unit_id, month)
) {clustered};

-- One home in a month. state 'counted', or why its use is in no group: 'exchanged' (it is shown one
-- all the same), 'vacant', 'estimated', 'corrected', 'prosumer', 'opted_out', 'no_place'. group_no:
-- the group it is shown, NULL when none. household_wh: its use per household, quarters: its
-- households in quarters.
-- @unit peer_home
-- @append_only peer_home
CREATE TABLE peer_home (
    unit_id      {i64} NOT NULL,
    month        {i64} NOT NULL,
    point_id     {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    state        TEXT NOT NULL
        CHECK (state = 'counted' OR state = 'exchanged' OR state = 'vacant' OR
               state = 'estimated' OR state = 'corrected' OR state = 'prosumer' OR
               state = 'opted_out' OR state = 'no_place'),
    group_no     {i64},
    household_wh {i64} NOT NULL,
    quarters     {i64} NOT NULL CHECK (quarters > 0),
    PRIMARY KEY (unit_id, month, point_id, agreement_id),
    CHECK (group_no IS NULL OR state IN ('counted', 'exchanged'))
) {clustered};
