-- SPDX-License-Identifier: Apache-2.0
-- Who: parties, accounts, agreements, usage points, meters, holds.
--
--   party ─ role ─► account ◄─ agreement ◄─ (fact 'agreement') ─ usage_point ─ installation ─ meter
--
-- Identifiers are numbers of the unit (store_take_numbers); the codes people know are unique
-- across units through the directory tables.

-- A person or an organisation. Personal data: name, identity number, contact (import_parties.def).
-- code: what the unit's files call the party; unique in the unit only.
-- @unit party
CREATE TABLE party (
    unit_id     {i64} NOT NULL,
    party_id    {i64} NOT NULL,
    code        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('person', 'organisation')),
    name        TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    tax_code    TEXT,
    identity_no TEXT,
    phone       TEXT,
    email       TEXT,
    address     TEXT NOT NULL DEFAULT '',
    created_at  {i64} NOT NULL,
    PRIMARY KEY (unit_id, party_id),
    UNIQUE (unit_id, code)
) {clustered};

-- The customer's account: bills, debts and payments of one payer, for one or many points.
-- @unit account
CREATE TABLE account (
    unit_id    {i64} NOT NULL,
    account_id {i64} NOT NULL,
    code       TEXT NOT NULL,
    created_at {i64} NOT NULL,
    PRIMARY KEY (unit_id, account_id),
    UNIQUE (unit_id, code)
) {clustered};

-- Facts of an account: 'payer', 'invoice_receiver' (value_i64: party).
-- @unit account_fact
-- @append_only account_fact
CREATE TABLE account_fact (
    unit_id     {i64} NOT NULL,
    account_id  {i64} NOT NULL,
    kind        TEXT NOT NULL,
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64},
    value_text  TEXT,
    proof       TEXT,
    source      TEXT NOT NULL DEFAULT '',
    expires_on  TEXT CHECK (expires_on IS NULL OR length(expires_on) = 10),
    PRIMARY KEY (unit_id, account_id, kind, valid_from, entry_no),
    FOREIGN KEY (unit_id, account_id) REFERENCES account (unit_id, account_id)
) {clustered};
-- @fact account_asof FROM account_fact SUBJECT account_id,kind
CREATE INDEX account_fact_expiring ON account_fact (unit_id, expires_on)
    WHERE expires_on IS NOT NULL;

-- An agreement on supply; its code is the customer code (mã khách hàng).
-- @unit agreement
CREATE TABLE agreement (
    unit_id      {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    code         TEXT NOT NULL,
    signed_on    TEXT CHECK (signed_on IS NULL OR length(signed_on) = 10),
    moved_from_unit_id      {i64},
    moved_from_agreement_id {i64},
    created_at   {i64} NOT NULL,
    PRIMARY KEY (unit_id, agreement_id),
    UNIQUE (unit_id, code)
) {clustered};

-- Facts of an agreement, declared in src/registry/agreement_facts.def: 'account' (value_i64),
-- 'holder', 'user' (value_i64: party), 'purpose' (text), 'priority' (text class), 'sensitive'
-- (text: hospital, life_support, water_works …), 'contract_state' ('active' until ended).
-- @unit agreement_fact
-- @append_only agreement_fact
CREATE TABLE agreement_fact (
    unit_id      {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    kind         TEXT NOT NULL,
    valid_from   TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no     {i64} NOT NULL CHECK (entry_no >= 1),
    state        TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at  {i64} NOT NULL,
    actor_id     {i64} NOT NULL,
    value_i64    {i64},
    value_text   TEXT,
    proof        TEXT,
    source       TEXT NOT NULL DEFAULT '',
    expires_on   TEXT CHECK (expires_on IS NULL OR length(expires_on) = 10),
    PRIMARY KEY (unit_id, agreement_id, kind, valid_from, entry_no),
    FOREIGN KEY (unit_id, agreement_id) REFERENCES agreement (unit_id, agreement_id)
) {clustered};
-- @fact agreement_asof FROM agreement_fact SUBJECT agreement_id,kind
CREATE INDEX agreement_fact_expiring ON agreement_fact (unit_id, expires_on)
    WHERE expires_on IS NOT NULL;

-- A usage point (điểm đo): where energy is delivered and measured.
-- @unit usage_point
CREATE TABLE usage_point (
    unit_id    {i64} NOT NULL,
    point_id   {i64} NOT NULL,
    code       TEXT NOT NULL,
    created_at {i64} NOT NULL,
    PRIMARY KEY (unit_id, point_id),
    UNIQUE (unit_id, code)
) {clustered};

-- All dated facts of a usage point in one table, because a bill needs them together; kinds and
-- their value types are declared in src/registry/point_facts.def:
--   agreement      value_i64   who is supplied here (an end: nobody)
--   uses           value_text  price uses, canonical: "SH:-:60%;KD:LT6:40%" or "KD:LT6:120kWh"
--   households     value_i64   quarters of a household (4 = one), with proof, source, expiry
--   lodgers        value_i64   declared lodgers; each counts a quarter of a household; the same
--   lodgers_undeclared, papers_missing, tourist_lodging   value_i64 0 or 1
--   quarantine_site value_text free | paid
--   demand_w       value_i64   contract maximum demand in watts
--   book           value_i64   reading book          route_order  value_i64
--   station        value_i64   transformer station   phase        value_text A|B|C|AB|…|ABC
--   place          value_i64   commune               address      value_text
--   unmetered_wh   value_i64   agreed energy of a month without meter
--   loss_ppm       value_i64   transformer loss added when metering is on the low side
--   contract_text  value_text
-- @unit point_fact
-- @append_only point_fact
CREATE TABLE point_fact (
    unit_id     {i64} NOT NULL,
    point_id    {i64} NOT NULL,
    kind        TEXT NOT NULL,
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64},
    value_text  TEXT,
    proof       TEXT,
    source      TEXT NOT NULL DEFAULT '',
    expires_on  TEXT CHECK (expires_on IS NULL OR length(expires_on) = 10),
    PRIMARY KEY (unit_id, point_id, kind, valid_from, entry_no),
    FOREIGN KEY (unit_id, point_id) REFERENCES usage_point (unit_id, point_id)
) {clustered};
-- @fact point_asof FROM point_fact SUBJECT point_id,kind
-- Whose proof runs out.
CREATE INDEX point_fact_expiring ON point_fact (unit_id, expires_on) WHERE expires_on IS NOT NULL;
-- Which points a book, a transformer station or an agreement has.
CREATE INDEX point_fact_by_value ON point_fact (unit_id, kind, value_i64, point_id)
    WHERE kind IN ('book', 'station', 'agreement');

-- Relations between points: the use of point_id is corrected by other_point_id.
-- kind 'sub' (minus), 'sum' (plus), 'export' (the other direction of the same place).
-- @unit point_relation_fact
-- @append_only point_relation_fact
CREATE TABLE point_relation_fact (
    unit_id        {i64} NOT NULL,
    point_id       {i64} NOT NULL,
    other_point_id {i64} NOT NULL,
    kind           TEXT NOT NULL CHECK (kind = 'sub' OR kind = 'sum' OR kind = 'export'),
    valid_from     TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no       {i64} NOT NULL CHECK (entry_no >= 1),
    state          TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at    {i64} NOT NULL,
    actor_id       {i64} NOT NULL,
    source         TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, point_id, other_point_id, kind, valid_from, entry_no),
    CHECK (point_id <> other_point_id)
) {clustered};
-- @fact point_relation_asof FROM point_relation_fact SUBJECT point_id,other_point_id,kind

-- A meter as a thing with a life. digits: whole digits of the register (its width).
-- @unit meter
CREATE TABLE meter (
    unit_id     {i64} NOT NULL,
    meter_id    {i64} NOT NULL,
    serial      TEXT NOT NULL,
    maker       TEXT NOT NULL DEFAULT '',
    type        TEXT NOT NULL,
    batch       TEXT,
    phases      {i64} NOT NULL CHECK (phases IN (1, 3)),
    registers   TEXT NOT NULL
        CHECK (registers = 'KT' OR registers = 'BT/CD/TD' OR registers = 'KT+VC'
               OR registers = 'BT/CD/TD+VC'),
    digits      {i64} NOT NULL CHECK (digits BETWEEN 3 AND 9),
    decimals    {i64} NOT NULL CHECK (decimals BETWEEN 0 AND 3),
    electronic  {i64} NOT NULL CHECK (electronic IN (0, 1)),
    remote      {i64} NOT NULL CHECK (remote IN (0, 1)),
    created_at  {i64} NOT NULL,
    PRIMARY KEY (unit_id, meter_id)
) {clustered};

-- kind 'verified_until' (text date), 'seal' (text), 'programming' (text: id of the dated hours in
-- force in the meter), 'condition' (stock, installed, faulty, scrapped).
-- @unit meter_fact
-- @append_only meter_fact
CREATE TABLE meter_fact (
    unit_id     {i64} NOT NULL,
    meter_id    {i64} NOT NULL,
    kind        TEXT NOT NULL
        CHECK (kind = 'verified_until' OR kind = 'seal' OR kind = 'programming'
               OR kind = 'condition'),
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64},
    value_text  TEXT,
    source      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, meter_id, kind, valid_from, entry_no),
    FOREIGN KEY (unit_id, meter_id) REFERENCES meter (unit_id, meter_id)
) {clustered};
-- @fact meter_asof FROM meter_fact SUBJECT meter_id,kind

-- Where a meter hangs, to the minute, and when that became known. role: which register group of the
-- point it measures. A change of multiplier is a removal and a new installation of the same meter.
-- removed_at is set once; two active meters on one role of a point, or one meter at two places, cannot be written.
-- @unit installation
CREATE TABLE installation (
    unit_id         {i64} NOT NULL,
    installation_id {i64} NOT NULL,
    point_id        {i64} NOT NULL,
    meter_id        {i64} NOT NULL,
    role            TEXT NOT NULL CHECK (role = 'active' OR role = 'reactive' OR role = 'export'),
    multiplier      {i64} NOT NULL CHECK (multiplier BETWEEN 1 AND 10000000),
    hung_at         {i64} NOT NULL,
    removed_at      {i64} CHECK (removed_at IS NULL OR removed_at > hung_at),
    recorded_at     {i64} NOT NULL,
    removal_recorded_at {i64},
    actor_id        {i64} NOT NULL,
    CHECK ((removed_at IS NULL) = (removal_recorded_at IS NULL)),
    PRIMARY KEY (unit_id, installation_id),
    FOREIGN KEY (unit_id, point_id) REFERENCES usage_point (unit_id, point_id),
    FOREIGN KEY (unit_id, meter_id) REFERENCES meter (unit_id, meter_id)
) {clustered};
CREATE UNIQUE INDEX installation_active_point ON installation (unit_id, point_id, role)
    WHERE removed_at IS NULL;
CREATE UNIQUE INDEX installation_active_meter ON installation (unit_id, meter_id, role)
    WHERE removed_at IS NULL;
CREATE INDEX installation_by_point ON installation (unit_id, point_id, hung_at);
CREATE INDEX installation_by_meter ON installation (unit_id, meter_id, hung_at);

-- What one matter stops in another: a draft, collection, or a cut, for a point or an account.
-- @unit hold
CREATE TABLE hold (
    unit_id      {i64} NOT NULL,
    hold_id      {i64} NOT NULL,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('point', 'account')),
    subject_id   {i64} NOT NULL,
    stops        TEXT NOT NULL CHECK (stops = 'draft' OR stops = 'collection' OR stops = 'cut'),
    matter       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    owner_id     {i64} NOT NULL,
    placed_at    {i64} NOT NULL,
    escalate_on  TEXT NOT NULL CHECK (length(escalate_on) = 10),
    last_on      TEXT NOT NULL CHECK (length(last_on) = 10 AND last_on >= escalate_on),
    released_at  {i64},
    released_by  {i64},
    release_reason TEXT,
    PRIMARY KEY (unit_id, hold_id),
    CHECK ((released_at IS NULL) = (release_reason IS NULL))
) {clustered};
CREATE UNIQUE INDEX hold_open ON hold (unit_id, subject_kind, subject_id, stops, matter)
    WHERE released_at IS NULL;

-- ---- directories: what the outside world calls a thing -> unit and id ---------------------

-- @directory agreement_directory code
CREATE TABLE agreement_directory (
    code         TEXT NOT NULL PRIMARY KEY,
    unit_id      {i64} NOT NULL,
    agreement_id {i64} NOT NULL
) {clustered};
-- @directory point_directory code
CREATE TABLE point_directory (
    code     TEXT NOT NULL PRIMARY KEY,
    unit_id  {i64} NOT NULL,
    point_id {i64} NOT NULL
) {clustered};
-- @directory meter_directory serial
CREATE TABLE meter_directory (
    serial   TEXT NOT NULL,
    maker    TEXT NOT NULL,
    unit_id  {i64} NOT NULL,
    meter_id {i64} NOT NULL,
    PRIMARY KEY (serial, maker)
) {clustered};
-- Search words of the present master data: folded name, phone, e-mail, tax code, address -> party.
-- @directory party_directory key
CREATE TABLE party_directory (
    key      TEXT NOT NULL,
    key_kind TEXT NOT NULL
        CHECK (key_kind = 'name' OR key_kind = 'phone' OR key_kind = 'address'
               OR key_kind = 'email' OR key_kind = 'tax_code'),
    unit_id  {i64} NOT NULL,
    party_id {i64} NOT NULL,
    PRIMARY KEY (key, key_kind, unit_id, party_id)
) {clustered};
