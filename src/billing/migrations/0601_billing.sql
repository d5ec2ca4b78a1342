-- SPDX-License-Identifier: Apache-2.0
-- From usage to bill.
--
--   usage ─► bill_draft (replaceable) ─ issue ─► bill + bill_line + posting + open_item + event
--
-- Identity of a bill: (agreement, usage point, month, period, kind, version). Its number is made
-- from the identity. A live bill is the highest version; lower ones are netted out in the ledger.

-- One run of a month in one unit; the units of one call share the run_id, YYYYMM and two digits.
-- What a run computes follows from business_on, known_at and price_book, so that a resumed run
-- gives the same bills.
-- @unit bill_run
CREATE TABLE bill_run (
    unit_id     {i64} NOT NULL,
    run_id      {i64} NOT NULL,
    month       {i64} NOT NULL,
    business_on TEXT NOT NULL CHECK (length(business_on) = 10),
    known_at    {i64} NOT NULL,
    price_book  TEXT NOT NULL,
    state       TEXT NOT NULL
        CHECK (state = 'planned' OR state = 'drafting' OR state = 'drafted' OR state = 'issuing'
               OR state = 'issued'),
    attempt     {i64} NOT NULL DEFAULT 1,
    issue_attempt {i64} NOT NULL DEFAULT 0,
    posting_month {i64} NOT NULL DEFAULT 0,
    created_at  {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    PRIMARY KEY (unit_id, run_id)
) {strict};

-- The plan of a run: pieces of books, taken by workers. stage 'draft' or 'issue'; counts are written
-- with the chunk's own transaction.
-- @unit bill_chunk
CREATE TABLE bill_chunk (
    unit_id     {i64} NOT NULL,
    run_id      {i64} NOT NULL,
    stage       TEXT NOT NULL CHECK (stage IN ('draft', 'issue')),
    attempt     {i64} NOT NULL,
    chunk_no    {i64} NOT NULL,
    book_id     {i64} NOT NULL,
    period_no   {i64} NOT NULL,
    closing_no  {i64} NOT NULL,
    first_point {i64} NOT NULL,
    last_point  {i64} NOT NULL,
    bill_count  {i64} NOT NULL,
    done        {i64} NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
    ready       {i64} NOT NULL DEFAULT 0,
    held        {i64} NOT NULL DEFAULT 0,
    exceptions  {i64} NOT NULL DEFAULT 0,
    energy_wh   {i64} NOT NULL DEFAULT 0,
    total_vnd   {i64} NOT NULL DEFAULT 0,
    PRIMARY KEY (unit_id, run_id, stage, attempt, chunk_no)
) {clustered};

-- state 'ready', 'held' (a hold or an unreleased spike), 'exception' (cannot be computed). problem
-- is a code of src/billing/problems.def, with what it concerns behind a colon. request is the
-- calculation request, answer the packed result (src/billing/rated.h), NULL with an exception.
-- price_book: of an adjustment or replacement; a run's drafts follow the run's.
-- @unit bill_draft
CREATE TABLE bill_draft (
    unit_id      {i64} NOT NULL,
    month        {i64} NOT NULL,
    period_no    {i64} NOT NULL,
    book_id      {i64} NOT NULL,
    point_id     {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    kind         TEXT NOT NULL,
    version      {i64} NOT NULL,
    run_id       {i64} NOT NULL,
    account_id   {i64} NOT NULL,
    closing_no   {i64} NOT NULL,
    state        TEXT NOT NULL CHECK (state = 'ready' OR state = 'held' OR state = 'exception'),
    problem      TEXT,
    total_wh     {i64} NOT NULL,
    total_vnd    {i64} NOT NULL,
    request      TEXT NOT NULL,
    answer       {blob},
    price_book   TEXT,
    PRIMARY KEY (unit_id, month, period_no, book_id, point_id, agreement_id, kind, version),
    CHECK ((state = 'exception') = (answer IS NULL)),
    CHECK ((state = 'ready') = (problem IS NULL))
) {clustered};

-- kind 'periodic', 'final', 'supplement', 'adjustment', 'replacement', 'fee'. origin 'own' or
-- 'earlier' (from the system before cut-over: shown, never recomputed, never billed again).
-- request: everything the amount follows from, as the calculator reads it; anyone can recompute.
-- closing_no: which closing of the book the usage came from (0: none). posting_month: the month
-- whose figures the bill enters; a record of a closed month enters the first open one.
-- @unit bill
-- @append_only bill
CREATE TABLE bill (
    unit_id      {i64} NOT NULL,
    month        {i64} NOT NULL CHECK (month BETWEEN 200001 AND 209912),
    period_no    {i64} NOT NULL CHECK (period_no BETWEEN 0 AND 3),
    book_id      {i64} NOT NULL,
    point_id     {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    kind         TEXT NOT NULL
        CHECK (kind = 'periodic' OR kind = 'final' OR kind = 'supplement' OR kind = 'adjustment'
               OR kind = 'replacement' OR kind = 'fee'),
    version      {i64} NOT NULL CHECK (version >= 1),
    origin       TEXT NOT NULL CHECK (origin IN ('own', 'earlier')),
    account_id   {i64} NOT NULL,
    run_id       {i64} NOT NULL,
    closing_no   {i64} NOT NULL,
    posting_month {i64} NOT NULL,
    from_on      TEXT NOT NULL CHECK (length(from_on) = 10),
    to_on        TEXT NOT NULL CHECK (length(to_on) = 10),
    total_wh     {i64} NOT NULL,
    pre_vat_vnd  {i64} NOT NULL,
    vat_ppm      {i64} NOT NULL CHECK (vat_ppm BETWEEN 0 AND 1000000),
    vat_vnd      {i64} NOT NULL,
    total_vnd    {i64} NOT NULL CHECK (total_vnd = pre_vat_vnd + vat_vnd),
    line_count   {i64} NOT NULL,
    estimated    {i64} NOT NULL CHECK (estimated IN (0, 1)),
    replaces_version {i64},
    cause        TEXT,
    issued_on    TEXT NOT NULL CHECK (length(issued_on) = 10),
    price_book   TEXT NOT NULL,
    request      TEXT NOT NULL,
    PRIMARY KEY (unit_id, month, period_no, book_id, point_id, agreement_id, kind, version),
    CHECK ((kind IN ('adjustment', 'replacement')) = (cause IS NOT NULL))
) {strict};
-- The few that enter the figures of a later month than their own.
CREATE INDEX bill_posted_later ON bill (unit_id, posting_month) WHERE posting_month <> month;
CREATE INDEX bill_by_account ON bill (unit_id, account_id, month);
-- One record per version of a slot: two writers of the same bill cannot both succeed.
CREATE UNIQUE INDEX bill_identity ON bill (unit_id, point_id, month, period_no, agreement_id,
                                           version);

-- price_vnd: đồng per kWh; percent_hundredths and cosphi_hundredths of reactive
-- and percentage lines.
-- @unit bill_line
-- @append_only bill_line
CREATE TABLE bill_line (
    unit_id      {i64} NOT NULL,
    month        {i64} NOT NULL,
    period_no    {i64} NOT NULL,
    book_id      {i64} NOT NULL,
    point_id     {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    bill_kind    TEXT NOT NULL,
    version      {i64} NOT NULL,
    line_no      {i64} NOT NULL,
    kind         TEXT NOT NULL
        CHECK (kind = 'energy' OR kind = 'reactive' OR kind = 'support' OR kind = 'fee'),
    category     TEXT,
    voltage      TEXT,
    decision     TEXT,
    tier         {i64},
    tou          TEXT,
    from_on      TEXT NOT NULL,
    to_on        TEXT NOT NULL,
    quantity_wh  {i64},
    price_vnd    {i64},
    percent_hundredths {i64},
    cosphi_hundredths  {i64},
    amount_mvnd  {i64} NOT NULL,
    PRIMARY KEY (unit_id, month, period_no, book_id, point_id, agreement_id, bill_kind, version,
                 line_no)
) {clustered};

-- Orders of fees by the key they came with, so that the same order makes one bill. caller_id: the
-- person whose key it is; 0 where the key is the order's own content. digest: of the order.
-- @directory fee_order order_key
-- @append_only fee_order
CREATE TABLE fee_order (
    order_key   TEXT NOT NULL CHECK (length(order_key) BETWEEN 1 AND 100),
    caller_id   {i64} NOT NULL,
    digest      TEXT NOT NULL CHECK (length(digest) = 64),
    unit_id     {i64} NOT NULL,
    bill_number TEXT NOT NULL,
    ordered_at  {i64} NOT NULL,
    PRIMARY KEY (order_key, caller_id)
) {strict};

-- What an inspection asks to bill on top of the days of a bill. order_key, caller_id and digest name
-- the order as those of fee_order do. An approved order has its use: month, book_id, agreement_id
-- and closing_no are those of the row of usage.
-- @unit supplement_order
CREATE TABLE supplement_order (
    unit_id       {i64} NOT NULL,
    order_id      {i64} NOT NULL,
    order_key     TEXT NOT NULL CHECK (length(order_key) BETWEEN 1 AND 100),
    caller_id     {i64} NOT NULL,
    digest        TEXT NOT NULL CHECK (length(digest) = 64),
    point_id      {i64} NOT NULL,
    from_on       TEXT NOT NULL CHECK (length(from_on) = 10),
    to_on         TEXT NOT NULL CHECK (length(to_on) = 10 AND to_on > from_on),
    total_wh      {i64} NOT NULL CHECK (total_wh > 0),
    normal_wh     {i64} CHECK (normal_wh IS NULL OR normal_wh >= 0),
    peak_wh       {i64} CHECK (peak_wh IS NULL OR peak_wh >= 0),
    offpeak_wh    {i64} CHECK (offpeak_wh IS NULL OR offpeak_wh >= 0),
    reactive_varh {i64} CHECK (reactive_varh IS NULL OR reactive_varh >= 0),
    cause         TEXT NOT NULL
        CHECK (cause = 'not_measured' OR cause = 'wrong_price' OR cause = 'theft'),
    settlement_on TEXT CHECK (length(settlement_on) = 10),
    ground        TEXT NOT NULL CHECK (length(ground) > 0),
    state         TEXT NOT NULL
        CHECK (state = 'proposed' OR state = 'approved' OR state = 'refused'),
    ordered_at    {i64} NOT NULL,
    month         {i64},
    book_id       {i64},
    agreement_id  {i64},
    closing_no    {i64},
    PRIMARY KEY (unit_id, order_id),
    CHECK ((normal_wh IS NULL) = (peak_wh IS NULL)),
    CHECK ((peak_wh IS NULL) = (offpeak_wh IS NULL)),
    CHECK ((state = 'approved') = (month IS NOT NULL)),
    CHECK ((month IS NULL) = (book_id IS NULL)),
    CHECK ((month IS NULL) = (agreement_id IS NULL)),
    CHECK ((month IS NULL) = (closing_no IS NULL))
) {strict};
CREATE UNIQUE INDEX supplement_order_by_key ON supplement_order (unit_id, order_key, caller_id);
CREATE INDEX supplement_order_by_point ON supplement_order (unit_id, point_id);

-- Parameters of billing with their days: 'due_days' (days a customer has to pay, from the issue).
-- @reference billing_rule
CREATE TABLE billing_rule (
    name       TEXT NOT NULL,
    valid_from TEXT NOT NULL CHECK (length(valid_from) = 10),
    value_i64  {i64} NOT NULL,
    source     TEXT NOT NULL,
    PRIMARY KEY (name, valid_from)
) {strict};
INSERT INTO billing_rule (name, valid_from, value_i64, source) VALUES
    ('due_days', '1900-01-01', 7, 'hợp đồng mua bán điện mẫu');

-- Price books loaded beside the built-in one. A book loaded by one person takes effect when
-- another releases it, from first_on on, the first day on which it differs from the one before.
-- @reference price_book_version
CREATE TABLE price_book_version (
    book_no     {i64} NOT NULL,
    hash        TEXT NOT NULL CHECK (length(hash) = 64),
    version     TEXT NOT NULL,
    first_on    TEXT NOT NULL CHECK (length(first_on) = 10),
    content     TEXT NOT NULL,
    loaded_at   {i64} NOT NULL,
    loaded_by   {i64} NOT NULL,
    PRIMARY KEY (book_no),
    UNIQUE (hash)
) {strict};
-- @reference price_book_release
CREATE TABLE price_book_release (
    book_no     {i64} NOT NULL REFERENCES price_book_version (book_no),
    release_no  {i64} NOT NULL,
    released_at {i64} NOT NULL,
    released_by {i64} NOT NULL,
    PRIMARY KEY (book_no),
    UNIQUE (release_no)
) {strict};

-- A month of a unit that is closed: its figures stand for ever. dimension 'class', 'block',
-- 'voltage', 'tou', 'vat', 'kind' or 'cause'; item is the value of the dimension.
-- @unit month_closing
-- @append_only month_closing
CREATE TABLE month_closing (
    unit_id     {i64} NOT NULL,
    month       {i64} NOT NULL,
    bill_count  {i64} NOT NULL,
    total_wh    {i64} NOT NULL,
    pre_vat_vnd {i64} NOT NULL,
    vat_vnd     {i64} NOT NULL,
    closed_at   {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    PRIMARY KEY (unit_id, month)
) {strict};
-- @unit month_figure
-- @append_only month_figure
CREATE TABLE month_figure (
    unit_id     {i64} NOT NULL,
    month       {i64} NOT NULL,
    dimension   TEXT NOT NULL,
    item        TEXT NOT NULL,
    row_count   {i64} NOT NULL,
    energy_wh   {i64} NOT NULL,
    amount_mvnd {i64} NOT NULL,
    PRIMARY KEY (unit_id, month, dimension, item),
    FOREIGN KEY (unit_id, month) REFERENCES month_closing (unit_id, month)
) {clustered};

-- A book that has gone live: its month was billed beside the earlier system without an unexplained
-- difference, and someone signed it.
-- @unit book_cut_over
-- @append_only book_cut_over
CREATE TABLE book_cut_over (
    unit_id    {i64} NOT NULL,
    book_id    {i64} NOT NULL,
    month      {i64} NOT NULL,
    bill_count {i64} NOT NULL,
    explained  {i64} NOT NULL,
    signed_at  {i64} NOT NULL,
    actor_id   {i64} NOT NULL,
    PRIMARY KEY (unit_id, book_id)
) {strict};
