-- SPDX-License-Identifier: Apache-2.0
-- The event log: written without a position, then sequenced, then read by consumers.

-- @unit event_new
CREATE TABLE event_new (
    unit_id {i64} NOT NULL,
    recorded_at {i64} NOT NULL,
    event_id {i64} NOT NULL,
    topic {text} NOT NULL,
    subject_id {i64} NOT NULL,
    payload {text} NOT NULL,
    PRIMARY KEY (unit_id, recorded_at, event_id)
) {clustered};

-- @unit event
-- @append_only event
CREATE TABLE event (
    unit_id {i64} NOT NULL,
    position {i64} NOT NULL CHECK (position > 0),
    event_id {i64} NOT NULL,
    topic {text} NOT NULL,
    subject_id {i64} NOT NULL,
    payload {text} NOT NULL,
    recorded_at {i64} NOT NULL,
    PRIMARY KEY (unit_id, position)
) {clustered};

-- How far the sequencer of a unit has come.
-- @unit event_sequencer
CREATE TABLE event_sequencer (
    unit_id {i64} NOT NULL,
    position {i64} NOT NULL,
    PRIMARY KEY (unit_id)
) {clustered};

-- How far each consumer has read.
-- @unit event_cursor
CREATE TABLE event_cursor (
    unit_id {i64} NOT NULL,
    consumer {text} NOT NULL,
    position {i64} NOT NULL,
    PRIMARY KEY (unit_id, consumer)
) {clustered};

-- Events that a consumer could not digest; set aside after some tries.
-- @unit event_poison
CREATE TABLE event_poison (
    unit_id {i64} NOT NULL,
    consumer {text} NOT NULL,
    position {i64} NOT NULL,
    tries {i64} NOT NULL,
    set_aside {i64} NOT NULL CHECK (set_aside IN (0, 1)),
    message {text} NOT NULL,
    last_at {i64} NOT NULL,
    PRIMARY KEY (unit_id, consumer, position)
) {clustered};
