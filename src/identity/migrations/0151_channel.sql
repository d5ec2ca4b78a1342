-- SPDX-License-Identifier: Apache-2.0
-- How often customers came by which channel on a day: numbers alone, of nobody in particular.

-- @directory channel_day seen_on
CREATE TABLE channel_day (
    seen_on TEXT NOT NULL CHECK (length(seen_on) = 10),
    channel TEXT NOT NULL CHECK (channel IN ('browser', 'installed')),
    visits  {i64} NOT NULL CHECK (visits > 0),
    PRIMARY KEY (seen_on, channel)
) {strict};
