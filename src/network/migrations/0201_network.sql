-- SPDX-License-Identifier: Apache-2.0
-- Where: units, organisations, places, restricted areas, the electrical network.

-- A unit is a permanent home of data, never renamed into another one and never reused.
-- @reference unit
CREATE TABLE unit (
    unit_id         {i64} NOT NULL PRIMARY KEY,
    code            TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    customer_prefix TEXT,
    opened_on       TEXT NOT NULL CHECK (length(opened_on) = 10),
    created_at      {i64} NOT NULL
) {clustered};

-- @reference organisation
CREATE TABLE organisation (
    organisation_id {i64} NOT NULL PRIMARY KEY,
    code            TEXT NOT NULL UNIQUE,
    level           TEXT NOT NULL
        CHECK (level = 'corporation' OR level = 'company' OR level = 'district_power'
               OR level = 'area_team'),
    name            TEXT NOT NULL
) {clustered};

-- The dated tree above the units. kind 'parent': organisation -> organisation (value_i64);
-- kind 'name': its name at a time (value_text).
-- @reference organisation_fact
-- @append_only organisation_fact
CREATE TABLE organisation_fact (
    unit_id         {i64} NOT NULL CHECK (unit_id = 0),
    organisation_id {i64} NOT NULL REFERENCES organisation (organisation_id),
    kind            TEXT NOT NULL CHECK (kind IN ('parent', 'name')),
    valid_from      TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no        {i64} NOT NULL CHECK (entry_no >= 1),
    state           TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at     {i64} NOT NULL,
    actor_id        {i64} NOT NULL,
    value_i64       {i64},
    value_text      TEXT,
    source          TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, organisation_id, kind, valid_from, entry_no)
) {clustered};
-- @fact organisation_asof FROM organisation_fact SUBJECT organisation_id,kind

-- Facts about a unit itself: 'organisation' (value_i64: who manages it), 'name' (value_text),
-- 'merged_into' (value_i64: the unit under whose name it is managed from that day).
-- @unit unit_fact
-- @append_only unit_fact
CREATE TABLE unit_fact (
    unit_id     {i64} NOT NULL,
    kind        TEXT NOT NULL
        CHECK (kind = 'organisation' OR kind = 'name' OR kind = 'merged_into'),
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64},
    value_text  TEXT,
    source      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, kind, valid_from, entry_no)
) {clustered};
-- @fact unit_asof FROM unit_fact SUBJECT kind

-- @reference place
CREATE TABLE place (
    place_id {i64} NOT NULL PRIMARY KEY,
    code     TEXT NOT NULL UNIQUE,
    level    TEXT NOT NULL
        CHECK (level = 'province' OR level = 'district' OR level = 'commune'),
    name     TEXT NOT NULL
) {clustered};

-- kind 'parent' (value_i64), 'name', 'class' ('ward', 'commune', 'township', 'city', 'town'),
-- 'price_area' ('ward', 'commune', 'township', 'city'): which wholesale price column holds.
-- @reference place_fact
-- @append_only place_fact
CREATE TABLE place_fact (
    unit_id     {i64} NOT NULL CHECK (unit_id = 0),
    place_id    {i64} NOT NULL REFERENCES place (place_id),
    kind        TEXT NOT NULL
        CHECK (kind = 'parent' OR kind = 'name' OR kind = 'class' OR kind = 'price_area'),
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64},
    value_text  TEXT,
    source      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, place_id, kind, valid_from, entry_no)
) {clustered};
-- @fact place_asof FROM place_fact SUBJECT place_id,kind

-- Areas under restriction: one register for routes, estimates, orders, notices and cuts.
-- @unit restricted_area
CREATE TABLE restricted_area (
    unit_id  {i64} NOT NULL,
    area_id  {i64} NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('isolation', 'disaster')),
    name     TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (unit_id, area_id)
) {clustered};

-- What a restricted area covers, dated: member_kind 'place', 'station', 'feeder' or 'point'.
-- @unit restricted_area_fact
-- @append_only restricted_area_fact
CREATE TABLE restricted_area_fact (
    unit_id     {i64} NOT NULL,
    area_id     {i64} NOT NULL,
    member_kind TEXT NOT NULL
        CHECK (member_kind = 'place' OR member_kind = 'station' OR member_kind = 'feeder'
               OR member_kind = 'point'),
    member_id   {i64} NOT NULL,
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    source      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, area_id, member_kind, member_id, valid_from, entry_no),
    FOREIGN KEY (unit_id, area_id) REFERENCES restricted_area (unit_id, area_id)
) {clustered};
-- @fact restricted_area_asof FROM restricted_area_fact SUBJECT area_id,member_kind,member_id

-- Substations, feeders, switches and transformer stations are devices of one table, because one
-- hangs on another: kind says which.
-- @unit device
CREATE TABLE device (
    unit_id   {i64} NOT NULL,
    device_id {i64} NOT NULL,
    kind      TEXT NOT NULL
        CHECK (kind = 'substation' OR kind = 'feeder' OR kind = 'switch' OR kind = 'station'),
    code      TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (unit_id, device_id),
    UNIQUE (unit_id, kind, code)
) {clustered};

-- kind 'parent' (value_i64: device upstream), 'rated_kva', 'voltage' (text), 'owner'
-- ('unit', 'customer'), 'place' (value_i64), 'normal_state' ('open', 'closed').
-- @unit device_fact
-- @append_only device_fact
CREATE TABLE device_fact (
    unit_id     {i64} NOT NULL,
    device_id   {i64} NOT NULL,
    kind        TEXT NOT NULL
        CHECK (kind = 'parent' OR kind = 'rated_kva' OR kind = 'voltage' OR kind = 'owner'
               OR kind = 'place' OR kind = 'normal_state'),
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64},
    value_text  TEXT,
    source      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, device_id, kind, valid_from, entry_no),
    FOREIGN KEY (unit_id, device_id) REFERENCES device (unit_id, device_id)
) {clustered};
-- @fact device_asof FROM device_fact SUBJECT device_id,kind

-- The weather of a place on a day, in thousandths of a degree Celsius and of a per cent of humidity:
-- what heat explains of the use of a month.
-- @reference weather
CREATE TABLE weather (
    place_id     {i64} NOT NULL REFERENCES place (place_id),
    on_day       TEXT NOT NULL CHECK (length(on_day) = 10),
    mean_mc      {i64} NOT NULL CHECK (mean_mc BETWEEN -90000 AND 60000),
    max_mc       {i64},
    min_mc       {i64},
    humidity_mpc {i64},
    source       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (place_id, on_day)
) {clustered};
