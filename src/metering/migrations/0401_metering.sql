-- SPDX-License-Identifier: Apache-2.0
-- Books, readings, closed usage, spikes.
--
--   reading (every value ever reported) ─ accepted at closing ─► usage (what will be billed)
--
-- Months are numbers YYYYMM, the month of the present reading; period_no counts the readings of
-- one month (1 to 3), 0 stands for what is closed outside the cycle: final readings on any day, and
-- points that a cycle closing had to leave out. The large tables are clustered by month, so that a month is written at the
-- end and read as one range.

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

-- One book in one period. state: open -> closed -> signed -> issued (in full); a return leads back
-- to open, until it is issued. closing_no is the latest closing. In period 0 every closing adds to
-- those before it.
-- @unit book_period
CREATE TABLE book_period (
    unit_id   {i64} NOT NULL,
    book_id   {i64} NOT NULL,
    month     {i64} NOT NULL CHECK (month BETWEEN 190001 AND 219912),
    period_no {i64} NOT NULL CHECK (period_no BETWEEN 0 AND 3),
    read_on   TEXT NOT NULL CHECK (length(read_on) = 10),
    state     TEXT NOT NULL
        CHECK (state = 'open' OR state = 'closed' OR state = 'signed' OR state = 'issued'),
    closing_no {i64} NOT NULL DEFAULT 0,
    point_count     {i64} NOT NULL DEFAULT 0,
    exception_count {i64} NOT NULL DEFAULT 0,
    PRIMARY KEY (unit_id, book_id, month, period_no),
    FOREIGN KEY (unit_id, book_id) REFERENCES book (unit_id, book_id)
) {strict};

-- Every step of a book: closing (all points; a supplement outside the cycle), the three signatures,
-- a return with its reason. counts is JSON: what was signed.
-- @unit book_step
-- @append_only book_step
CREATE TABLE book_step (
    unit_id   {i64} NOT NULL,
    book_id   {i64} NOT NULL,
    month     {i64} NOT NULL,
    period_no {i64} NOT NULL,
    step_no   {i64} NOT NULL,
    step      TEXT NOT NULL
        CHECK (step = 'close' OR step = 'supplement' OR step = 'sign_reader'
               OR step = 'sign_team_leader' OR step = 'sign_billing_leader' OR step = 'return'
               OR step = 'issue'),
    closing_no {i64} NOT NULL,
    counts    TEXT NOT NULL,
    reason    TEXT NOT NULL DEFAULT '',
    actor_id  {i64} NOT NULL,
    at        {i64} NOT NULL,
    PRIMARY KEY (unit_id, book_id, month, period_no, step_no)
) {strict};

-- Parameters of a unit, dated: names and defaults in src/metering/parameters.def.
-- @unit metering_parameter
-- @append_only metering_parameter
CREATE TABLE metering_parameter (
    unit_id     {i64} NOT NULL,
    name        TEXT NOT NULL,
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64},
    source      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, name, valid_from, entry_no)
) {strict};
-- @fact metering_parameter_asof FROM metering_parameter SUBJECT name

-- One load of readings: who, when, from which file. Readings name it, so that a row of a reading
-- need not repeat it. sha256: of the file's bytes, by which the same file is known again; empty when
-- the rows came from no file.
-- @unit reading_batch
-- @append_only reading_batch
CREATE TABLE reading_batch (
    unit_id     {i64} NOT NULL,
    batch_id    {i64} NOT NULL,
    name        TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    row_count   {i64} NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    PRIMARY KEY (unit_id, batch_id)
) {strict};
CREATE INDEX reading_batch_by_file ON reading_batch (unit_id, sha256);

-- A reported register value. month: of read_on, as YYYYMM. index_wh: what the register shows, in
-- thousandths of its unit (kWh or kvarh), before the multiplier. A correction is a row with a
-- higher entry_no; nothing is edited. register: KT (one price), BT, CD, TD (normal, peak,
-- off-peak), VC (reactive). not_read: the reason when there is no value (index_wh is NULL).
-- state 'rollover': the reader states that the register passed its last digit.
-- use_wh, use_days: what the check at import saw since the reading before it; evidence of the
-- check, never billed. multiplier, digits: what the meter said then, so that the next month is
-- checked without asking for the meter again (0: not noted). prorate: the reading ends or begins supply in the middle of a period.
-- @unit reading
-- @append_only reading
CREATE TABLE reading (
    unit_id         {i64} NOT NULL,
    month           {i64} NOT NULL,
    point_id        {i64} NOT NULL,
    read_on         TEXT NOT NULL CHECK (length(read_on) = 10),
    installation_id {i64} NOT NULL,
    register        TEXT NOT NULL
        CHECK (register = 'KT' OR register = 'BT' OR register = 'CD' OR register = 'TD'
               OR register = 'VC'),
    kind            TEXT NOT NULL
        CHECK (kind = 'periodic' OR kind = 'opening' OR kind = 'closing' OR kind = 'final'
               OR kind = 'check'),
    entry_no        {i64} NOT NULL CHECK (entry_no >= 1),
    index_wh        {i64} CHECK (index_wh IS NULL OR index_wh >= 0),
    source          TEXT NOT NULL
        CHECK (source = 'manual' OR source = 'photo' OR source = 'remote' OR source = 'customer'
               OR source = 'calculated'),
    state           TEXT NOT NULL CHECK (state IN ('normal', 'rollover')),
    not_read        TEXT
        CHECK (not_read = 'locked' OR not_read = 'flooded' OR not_read = 'restricted'
               OR not_read = 'dangerous' OR not_read = 'burnt' OR not_read = 'display_dark'),
    prorate         TEXT
        CHECK (prorate = 'new_supply' OR prorate = 'party_change' OR prorate = 'contract_end'
               OR prorate = 'reading_day_change'),
    read_at         {i64},
    use_wh          {i64},
    use_days        {i64},
    multiplier      {i64} NOT NULL DEFAULT 0,
    digits          {i64} NOT NULL DEFAULT 0,
    batch_id        {i64} NOT NULL,
    PRIMARY KEY (unit_id, month, point_id, read_on, installation_id, register, kind, entry_no),
    CHECK ((index_wh IS NULL) = (not_read IS NOT NULL))
) {clustered};

-- Corrected readings alone: whether a bill rests on one of them is asked of every bill of a month.
CREATE INDEX reading_corrected ON reading (unit_id, point_id) WHERE entry_no > 1;

-- A finding on a reading that may be true: it waits for a person. finding 'rollover' stops the
-- point at closing until it is accepted; the others are told. A decision is recorded once.
-- @unit reading_review
CREATE TABLE reading_review (
    unit_id         {i64} NOT NULL,
    month           {i64} NOT NULL,
    point_id        {i64} NOT NULL,
    read_on         TEXT NOT NULL CHECK (length(read_on) = 10),
    installation_id {i64} NOT NULL,
    register        TEXT NOT NULL,
    kind            TEXT NOT NULL,
    entry_no        {i64} NOT NULL,
    finding         TEXT NOT NULL
        CHECK (finding = 'rollover' OR finding = 'high' OR finding = 'low' OR finding = 'zero'),
    before_wh       {i64} NOT NULL,
    index_wh        {i64} NOT NULL,
    state           TEXT NOT NULL
        CHECK (state = 'open' OR state = 'accepted' OR state = 'refused'),
    batch_id        {i64} NOT NULL,
    decided_at      {i64},
    decided_by      {i64},
    reason          TEXT,
    PRIMARY KEY (unit_id, month, point_id, read_on, installation_id, register, kind, entry_no,
                 finding),
    CHECK ((state = 'open') = (decided_at IS NULL))
) {clustered};

-- What a closed book says of one point in one period: the only input of billing. One row holds all
-- registers; detail is JSON: the reading pairs, multiplier, removed meter, relations, estimates.
-- carry: the register states the next period starts from (see src/metering/carry.h).
-- metered_wh: what the point's own meters and agreed energy give, before other points are taken
-- off or added. Clustered by book and period, so that this month, the month before and the same
-- month last year are three ranges read side by side. kind: 'periodic', 'final', 'supplement'.
-- Rows are never edited. In the cycle the rows of the period's latest closing are live (none while
-- the period is open again); in period 0 the last row of each point and kind, and every supplement.
-- @unit usage
-- @append_only usage
CREATE TABLE usage (
    unit_id     {i64} NOT NULL,
    book_id     {i64} NOT NULL,
    month       {i64} NOT NULL,
    period_no   {i64} NOT NULL,
    point_id    {i64} NOT NULL,
    kind        TEXT NOT NULL
        CHECK (kind = 'periodic' OR kind = 'final' OR kind = 'supplement'),
    closing_no  {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    from_on     TEXT NOT NULL CHECK (length(from_on) = 10),
    to_on       TEXT NOT NULL CHECK (length(to_on) = 10 AND to_on >= from_on),
    total_wh    {i64} NOT NULL CHECK (total_wh >= 0),
    normal_wh   {i64} CHECK (normal_wh IS NULL OR normal_wh >= 0),
    peak_wh     {i64} CHECK (peak_wh IS NULL OR peak_wh >= 0),
    offpeak_wh  {i64} CHECK (offpeak_wh IS NULL OR offpeak_wh >= 0),
    reactive_varh {i64} CHECK (reactive_varh IS NULL OR reactive_varh >= 0),
    metered_wh  {i64} NOT NULL,
    estimated   {i64} NOT NULL CHECK (estimated IN (0, 1)),
    prorate     TEXT
        CHECK (prorate = 'new_supply' OR prorate = 'party_change' OR prorate = 'contract_end'
               OR prorate = 'reading_day_change'),
    spike       TEXT NOT NULL
        CHECK (spike = 'none' OR spike = 'told' OR spike = 'held' OR spike = 'first'
               OR spike = 'leader'),
    before_wh   {i64},
    before_days {i64},
    year_ago_wh {i64},
    year_ago_days {i64},
    carry       TEXT NOT NULL,
    detail      TEXT NOT NULL,
    PRIMARY KEY (unit_id, book_id, month, period_no, point_id, kind, closing_no),
    CHECK ((normal_wh IS NULL) = (peak_wh IS NULL)),
    CHECK ((peak_wh IS NULL) = (offpeak_wh IS NULL)),
    CHECK (normal_wh IS NULL OR normal_wh + peak_wh + offpeak_wh = total_wh)
) {clustered};

-- What a closing left out or wants to be seen: who, why; the remedy follows from the code
-- (src/metering/exceptions.def). blocks 1: the point has no usage until it is settled; such a row
-- stays open until a later closing gives the point its usage.
-- @unit metering_exception
CREATE TABLE metering_exception (
    unit_id    {i64} NOT NULL,
    book_id    {i64} NOT NULL,
    month      {i64} NOT NULL,
    period_no  {i64} NOT NULL,
    point_id   {i64} NOT NULL,
    code       TEXT NOT NULL,
    closing_no {i64} NOT NULL,
    blocks     {i64} NOT NULL CHECK (blocks IN (0, 1)),
    in_a_row   {i64} NOT NULL CHECK (in_a_row >= 1),
    detail     TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'settled')),
    settled_month      {i64},
    settled_period_no  {i64},
    settled_closing_no {i64},
    PRIMARY KEY (unit_id, book_id, month, period_no, point_id, code, closing_no),
    CHECK ((state = 'open') = (settled_closing_no IS NULL))
) {clustered};
CREATE INDEX metering_exception_open ON metering_exception (unit_id, book_id, point_id)
    WHERE state = 'open' AND blocks = 1;

-- Energy that no register shows, by name of its ground and with two persons. kind 'provisional':
-- settled by the next real reading; 'stopped_meter': days without a working meter (Decree
-- 137/2013 art. 20 cl. 3: average of the three periods before); 'direct': added by hand.
-- @unit estimate
CREATE TABLE estimate (
    unit_id     {i64} NOT NULL,
    estimate_id {i64} NOT NULL,
    point_id    {i64} NOT NULL,
    kind        TEXT NOT NULL
        CHECK (kind = 'provisional' OR kind = 'stopped_meter' OR kind = 'direct'),
    register    TEXT NOT NULL
        CHECK (register = 'KT' OR register = 'BT' OR register = 'CD' OR register = 'TD'
               OR register = 'VC'),
    from_on     TEXT NOT NULL CHECK (length(from_on) = 10),
    to_on       TEXT NOT NULL CHECK (length(to_on) = 10 AND to_on > from_on),
    energy_wh   {i64} NOT NULL CHECK (energy_wh >= 0),
    ground      TEXT NOT NULL CHECK (length(ground) > 0),
    proof       TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL
        CHECK (state = 'proposed' OR state = 'approved' OR state = 'refused'),
    proposed_by {i64} NOT NULL,
    proposed_at {i64} NOT NULL,
    decided_by  {i64},
    decided_at  {i64},
    PRIMARY KEY (unit_id, estimate_id),
    -- In an organisation of one, the same person on a later day in Vietnam.
    CHECK (decided_by IS NULL OR decided_by <> proposed_by OR
           (decided_at + 25200000) / 86400000 > (proposed_at + 25200000) / 86400000)
) {strict};
CREATE INDEX estimate_by_point ON estimate (unit_id, point_id, to_on);

-- How a provisional estimate that was billed came to its end. manner 'reading': a closing found the
-- next real reading; read_wh is what the register shows from from_on to to_on, owed_wh what was
-- billed on estimates in between (all of them), and the bill of that closing carries the difference.
-- Such a row counts as long as its closing does. 'spread': what the reading showed was divided over
-- the estimated days; 'agreed': another energy was agreed; read_wh is then the energy of the
-- estimate's own days, and owed_wh what was billed for them. These two belong to no closing
-- (book_id, month, period_no, closing_no are 0) and an estimate has one of them at most.
-- @unit estimate_settlement
-- @append_only estimate_settlement
CREATE TABLE estimate_settlement (
    unit_id     {i64} NOT NULL,
    estimate_id {i64} NOT NULL,
    book_id     {i64} NOT NULL,
    month       {i64} NOT NULL,
    period_no   {i64} NOT NULL,
    closing_no  {i64} NOT NULL,
    manner      TEXT NOT NULL CHECK (manner = 'reading' OR manner = 'spread' OR
                                      manner = 'agreed'),
    from_on     TEXT NOT NULL CHECK (length(from_on) = 10),
    to_on       TEXT NOT NULL CHECK (length(to_on) = 10 AND to_on > from_on),
    read_wh     {i64} NOT NULL CHECK (read_wh >= 0),
    owed_wh     {i64} NOT NULL CHECK (owed_wh >= 0),
    ground      TEXT NOT NULL CHECK (length(ground) > 0),
    proof       TEXT NOT NULL DEFAULT '',
    actor_id    {i64} NOT NULL,
    settled_at  {i64} NOT NULL,
    PRIMARY KEY (unit_id, estimate_id, book_id, month, period_no, closing_no),
    CHECK ((manner = 'reading') = (closing_no > 0))
) {strict};

-- The past of a point before our own first closing, packed: one row per point, 16 bytes a month
-- (month YYYYMM, days, watt-hours; see src/metering/history.h), oldest first, from the cut-over
-- import. Never billed.
-- @unit point_history
CREATE TABLE point_history (
    unit_id  {i64} NOT NULL,
    point_id {i64} NOT NULL,
    months   {blob} NOT NULL,
    PRIMARY KEY (unit_id, point_id)
) {clustered};

-- A flagged period: from finding to release, one record. state 'open' and 'ordered' and 'lapsed'
-- (the last day passed without a rule that lets it go) hold the bill when holds = 1; 'void': its
-- closing was returned.
-- @unit spike_case
CREATE TABLE spike_case (
    unit_id     {i64} NOT NULL,
    month       {i64} NOT NULL,
    book_id     {i64} NOT NULL,
    period_no   {i64} NOT NULL,
    point_id    {i64} NOT NULL,
    usage_kind  TEXT NOT NULL,
    closing_no  {i64} NOT NULL,
    new_wh      {i64} NOT NULL,
    new_days    {i64} NOT NULL,
    before_wh   {i64} NOT NULL,
    before_days {i64} NOT NULL,
    year_ago_wh {i64},
    year_ago_days {i64},
    ratio_ppm   {i64} NOT NULL,
    score       {i64} NOT NULL,
    holds       {i64} NOT NULL CHECK (holds IN (0, 1)),
    leader_only {i64} NOT NULL CHECK (leader_only IN (0, 1)),
    state       TEXT NOT NULL
        CHECK (state = 'open' OR state = 'released' OR state = 'corrected' OR state = 'ordered'
               OR state = 'lapsed' OR state = 'void'),
    rule_id     {i64},
    escalate_on TEXT NOT NULL CHECK (length(escalate_on) = 10),
    last_on     TEXT NOT NULL CHECK (length(last_on) = 10 AND last_on >= escalate_on),
    escalated   {i64} NOT NULL DEFAULT 0 CHECK (escalated IN (0, 1)),
    found_at    {i64} NOT NULL,
    PRIMARY KEY (unit_id, month, book_id, period_no, point_id, usage_kind, closing_no)
) {clustered};
CREATE INDEX spike_case_open ON spike_case (unit_id, month, score)
    WHERE state IN ('open', 'ordered', 'lapsed');

-- Every step of a re-verification: who, when, why, on what evidence.
-- @unit spike_step
-- @append_only spike_step
CREATE TABLE spike_step (
    unit_id    {i64} NOT NULL,
    month      {i64} NOT NULL,
    book_id    {i64} NOT NULL,
    period_no  {i64} NOT NULL,
    point_id   {i64} NOT NULL,
    usage_kind TEXT NOT NULL,
    closing_no {i64} NOT NULL,
    step_no    {i64} NOT NULL,
    step       TEXT NOT NULL
        CHECK (step = 'found' OR step = 'rule' OR step = 'confirm' OR step = 'correct'
               OR step = 'order_check' OR step = 'escalate' OR step = 'sign' OR step = 'release'
               OR step = 'lapse' OR step = 'carry'),
    rule_id    {i64},
    evidence   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    actor_id   {i64} NOT NULL,
    at         {i64} NOT NULL,
    PRIMARY KEY (unit_id, month, book_id, period_no, point_id, usage_kind, closing_no, step_no)
) {clustered};

-- Rules that release flagged periods in bulk, and the one that says what happens on the last day.
-- Proposed by one person, approved by another, valid for dated closings only.
-- kind 'last_day': action 'release' lets the bill go with that record, 'wait' keeps it.
-- @unit spike_rule
CREATE TABLE spike_rule (
    unit_id     {i64} NOT NULL,
    rule_id     {i64} NOT NULL,
    kind        TEXT NOT NULL
        CHECK (kind = 'second_remote' OR kind = 'daily_agree' OR kind = 'photo_again'
               OR kind = 'same_rise_last_year' OR kind = 'last_day'),
    tolerance_ppm {i64} NOT NULL CHECK (tolerance_ppm BETWEEN 0 AND 1000000),
    action      TEXT NOT NULL CHECK (action IN ('release', 'wait')),
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    valid_to    TEXT NOT NULL CHECK (length(valid_to) = 10 AND valid_to > valid_from),
    document    TEXT NOT NULL CHECK (length(document) > 0),
    state       TEXT NOT NULL
        CHECK (state = 'proposed' OR state = 'approved' OR state = 'refused'),
    proposed_by {i64} NOT NULL,
    proposed_at {i64} NOT NULL,
    decided_by  {i64},
    decided_at  {i64},
    PRIMARY KEY (unit_id, rule_id),
    CHECK ((state = 'proposed') = (decided_by IS NULL)),
    -- In an organisation of one, the same person on a later day in Vietnam.
    CHECK (decided_by IS NULL OR decided_by <> proposed_by OR
           (decided_at + 25200000) / 86400000 > (proposed_at + 25200000) / 86400000)
) {strict};

-- The evidence record of a photo of a register. The picture itself lies in the photo store under
-- its SHA-256. A second photo never overwrites. Places are in ten-millionths of a degree.
-- @unit photo
-- @append_only photo
CREATE TABLE photo (
    unit_id         {i64} NOT NULL,
    month           {i64} NOT NULL,
    point_id        {i64} NOT NULL,
    sha256          TEXT NOT NULL CHECK (length(sha256) = 64),
    installation_id {i64} NOT NULL,
    book_id         {i64} NOT NULL,
    serial          TEXT NOT NULL,
    read_on         TEXT NOT NULL CHECK (length(read_on) = 10),
    bytes           {i64} NOT NULL CHECK (bytes > 0),
    width           {i64},
    height          {i64},
    taken_at        {i64} NOT NULL,
    received_at     {i64} NOT NULL,
    clock_skew_ms   {i64},
    latitude_e7     {i64},
    longitude_e7    {i64},
    accuracy_m      {i64},
    device          TEXT NOT NULL DEFAULT '',
    reader          TEXT NOT NULL DEFAULT '',
    app_version     TEXT NOT NULL DEFAULT '',
    offline         {i64} NOT NULL CHECK (offline IN (0, 1)),
    register        TEXT,
    ocr_index_wh    {i64},
    ocr_confidence_ppm {i64},
    typed_index_wh  {i64},
    mismatch        {i64} NOT NULL CHECK (mismatch IN (0, 1)),
    previous_sha256 TEXT,
    actor_id        {i64} NOT NULL,
    PRIMARY KEY (unit_id, month, point_id, sha256)
) {clustered};

-- A photo read again by another person than the reader.
-- @unit photo_review
-- @append_only photo_review
CREATE TABLE photo_review (
    unit_id  {i64} NOT NULL,
    month    {i64} NOT NULL,
    point_id {i64} NOT NULL,
    sha256   TEXT NOT NULL,
    entry_no {i64} NOT NULL,
    register TEXT NOT NULL
        CHECK (register = 'KT' OR register = 'BT' OR register = 'CD' OR register = 'TD'
               OR register = 'VC'),
    index_wh {i64} CHECK (index_wh IS NULL OR index_wh >= 0),
    actor_id {i64} NOT NULL,
    at       {i64} NOT NULL,
    PRIMARY KEY (unit_id, month, point_id, sha256, entry_no)
) {clustered};

-- Interval energy of one day and point: one watt-hour number per interval, little-endian 32 bit.
-- @unit interval_day
-- @append_only interval_day
CREATE TABLE interval_day (
    unit_id    {i64} NOT NULL,
    month      {i64} NOT NULL,
    point_id   {i64} NOT NULL,
    used_on    TEXT NOT NULL CHECK (length(used_on) = 10),
    entry_no   {i64} NOT NULL CHECK (entry_no >= 1),
    minutes    {i64} NOT NULL CHECK (minutes = 15 OR minutes = 30 OR minutes = 60),
    total_wh   {i64} NOT NULL CHECK (total_wh >= 0),
    energy_wh  {blob} NOT NULL,
    batch_id   {i64} NOT NULL,
    PRIMARY KEY (unit_id, month, point_id, used_on, entry_no)
) {clustered};
