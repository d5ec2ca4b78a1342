-- SPDX-License-Identifier: Apache-2.0
-- Books, readings, closed usage, spikes.
--
--   reading (every value ever reported) ─ accepted at closing ─► usage (what will be billed)
--
-- Months are numbers YYYYMM, the month of the present reading; period_no counts the readings of
-- one month (1 to 3), 0 stands for readings outside the cycle (opening, final, check).

-- A reading book (sổ ghi chỉ số): who is read by whom on which day of the month.
-- @unit book
CREATE TABLE book (
    unit_id     {i64} NOT NULL,
    book_id     {i64} NOT NULL,
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    periods     {i64} NOT NULL CHECK (periods BETWEEN 1 AND 3),
    reading_day {i64} NOT NULL CHECK (reading_day BETWEEN 1 AND 31),
    created_at  {i64} NOT NULL,
    PRIMARY KEY (unit_id, book_id),
    UNIQUE (unit_id, code)
) {strict};

-- One book in one period. state: open -> closed -> signed -> billed (issued in full); a return
-- leads back to open, until it is issued.
-- @unit book_period
CREATE TABLE book_period (
    unit_id   {i64} NOT NULL,
    book_id   {i64} NOT NULL,
    month     {i64} NOT NULL CHECK (month BETWEEN 190001 AND 219912),
    period_no {i64} NOT NULL CHECK (period_no BETWEEN 1 AND 3),
    read_on   TEXT NOT NULL CHECK (length(read_on) = 10),
    state     TEXT NOT NULL CHECK (state IN ('open', 'closed', 'signed', 'issued')),
    closing_no {i64} NOT NULL DEFAULT 0,
    point_count     {i64} NOT NULL DEFAULT 0,
    exception_count {i64} NOT NULL DEFAULT 0,
    PRIMARY KEY (unit_id, book_id, month, period_no),
    FOREIGN KEY (unit_id, book_id) REFERENCES book (unit_id, book_id)
) {strict};

-- Every step of a book: closing, the three signatures, a return with its reason.
-- @unit book_step
-- @append_only book_step
CREATE TABLE book_step (
    unit_id   {i64} NOT NULL,
    book_id   {i64} NOT NULL,
    month     {i64} NOT NULL,
    period_no {i64} NOT NULL,
    step_no   {i64} NOT NULL,
    step      TEXT NOT NULL CHECK (step IN ('close', 'sign_reader', 'sign_team_leader',
                                            'sign_billing_leader', 'return', 'issue')),
    closing_no {i64} NOT NULL,
    counts    TEXT NOT NULL,
    reason    TEXT NOT NULL DEFAULT '',
    actor_id  {i64} NOT NULL,
    at        {i64} NOT NULL,
    PRIMARY KEY (unit_id, book_id, month, period_no, step_no)
) {strict};

-- A reported register value. index_wh: what the register shows, in thousandths of its unit (kWh or
-- kvarh), before the multiplier. A correction is a row with a higher entry_no; nothing is edited.
-- register KT, BT, CD, TD, VC. not_read: reason when there is no value (then index_wh is NULL).
-- @unit reading
-- @append_only reading
CREATE TABLE reading (
    unit_id         {i64} NOT NULL,
    point_id        {i64} NOT NULL,
    read_on         TEXT NOT NULL CHECK (length(read_on) = 10),
    installation_id {i64} NOT NULL,
    register        TEXT NOT NULL CHECK (register IN ('KT', 'BT', 'CD', 'TD', 'VC')),
    kind            TEXT NOT NULL
        CHECK (kind IN ('periodic', 'opening', 'closing', 'check', 'estimate')),
    entry_no        {i64} NOT NULL CHECK (entry_no >= 1),
    index_wh        {i64} CHECK (index_wh IS NULL OR index_wh >= 0),
    source          TEXT NOT NULL CHECK (source IN ('manual', 'photo', 'remote', 'customer',
                                                    'calculated')),
    not_read        TEXT CHECK (not_read IN ('locked', 'flooded', 'restricted', 'dangerous',
                                             'burnt', 'display_dark')),
    read_at         {i64},
    batch_id        {i64} NOT NULL,
    recorded_at     {i64} NOT NULL,
    actor_id        {i64} NOT NULL,
    PRIMARY KEY (unit_id, point_id, read_on, installation_id, register, kind, entry_no),
    CHECK ((index_wh IS NULL) = (not_read IS NOT NULL))
) {strict};

-- What a closed book says of one point in one period: the only input of billing. One row holds all
-- registers; detail is JSON: the reading pairs, multiplier, removed meter, relations, estimates.
-- Clustered by book and period, so that this month, the month before and the same month last year
-- are three ranges read side by side. kind: 'periodic', 'final', 'supplement'.
-- @unit usage
-- @append_only usage
CREATE TABLE usage (
    unit_id     {i64} NOT NULL,
    book_id     {i64} NOT NULL,
    month       {i64} NOT NULL,
    period_no   {i64} NOT NULL,
    point_id    {i64} NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('periodic', 'final', 'supplement')),
    closing_no  {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    from_on     TEXT NOT NULL CHECK (length(from_on) = 10),
    to_on       TEXT NOT NULL CHECK (length(to_on) = 10 AND to_on >= from_on),
    total_wh    {i64} NOT NULL CHECK (total_wh >= 0),
    normal_wh   {i64},
    peak_wh     {i64},
    offpeak_wh  {i64},
    reactive_varh {i64},
    estimated   {i64} NOT NULL CHECK (estimated IN (0, 1)),
    prorate     TEXT CHECK (prorate IN ('new_supply', 'party_change', 'contract_end',
                                        'reading_day_change')),
    spike       TEXT NOT NULL CHECK (spike IN ('none', 'told', 'held', 'first', 'leader')),
    before_wh   {i64},
    before_days {i64},
    year_ago_wh {i64},
    year_ago_days {i64},
    detail      TEXT NOT NULL,
    PRIMARY KEY (unit_id, book_id, month, period_no, point_id, kind, closing_no),
    CHECK ((normal_wh IS NULL) = (peak_wh IS NULL) AND (peak_wh IS NULL) = (offpeak_wh IS NULL)),
    CHECK (normal_wh IS NULL OR normal_wh + peak_wh + offpeak_wh = total_wh)
) {strict};
CREATE INDEX usage_by_point ON usage (unit_id, point_id, to_on);

-- The past of a point before our own first closing, packed: one row per point, 16 bytes a month
-- (month YYYYMM, days, watt-hours), oldest first, from the cut-over import. Never billed.
-- @unit point_history
CREATE TABLE point_history (
    unit_id  {i64} NOT NULL,
    point_id {i64} NOT NULL,
    months   {blob} NOT NULL,
    PRIMARY KEY (unit_id, point_id)
) {strict};

-- A flagged period: from finding to release, one record. The state follows from its steps.
-- @unit spike_case
CREATE TABLE spike_case (
    unit_id     {i64} NOT NULL,
    point_id    {i64} NOT NULL,
    month       {i64} NOT NULL,
    period_no   {i64} NOT NULL,
    closing_no  {i64} NOT NULL,
    book_id     {i64} NOT NULL,
    new_wh      {i64} NOT NULL,
    new_days    {i64} NOT NULL,
    before_wh   {i64} NOT NULL,
    before_days {i64} NOT NULL,
    year_ago_wh {i64},
    year_ago_days {i64},
    ratio_ppm   {i64} NOT NULL,
    holds       {i64} NOT NULL CHECK (holds IN (0, 1)),
    leader_only {i64} NOT NULL CHECK (leader_only IN (0, 1)),
    state       TEXT NOT NULL CHECK (state IN ('open', 'released', 'corrected', 'ordered',
                                               'lapsed')),
    rule        TEXT,
    last_on     TEXT NOT NULL CHECK (length(last_on) = 10),
    found_at    {i64} NOT NULL,
    PRIMARY KEY (unit_id, point_id, month, period_no, closing_no)
) {strict};
CREATE INDEX spike_case_open ON spike_case (unit_id, month, state, ratio_ppm);

-- Every step of a re-verification: who, when, why, on what evidence.
-- @unit spike_step
-- @append_only spike_step
CREATE TABLE spike_step (
    unit_id    {i64} NOT NULL,
    point_id   {i64} NOT NULL,
    month      {i64} NOT NULL,
    period_no  {i64} NOT NULL,
    closing_no {i64} NOT NULL,
    step_no    {i64} NOT NULL,
    step       TEXT NOT NULL CHECK (step IN ('found', 'rule', 'confirm', 'correct', 'order_check',
                                             'escalate', 'sign', 'release', 'lapse')),
    evidence   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    actor_id   {i64} NOT NULL,
    at         {i64} NOT NULL,
    PRIMARY KEY (unit_id, point_id, month, period_no, closing_no, step_no)
) {strict};
