-- SPDX-License-Identifier: Apache-2.0
-- What the node says of a container's processors: what is due is compared with that, and not with what was once asked for.
alter table containers
    add column observed_milli_cpus int check (observed_milli_cpus > 0), -- null: the node has not said yet
    add column throttle_asked_at timestamptz; -- when the node was asked last; null: for what is due now it was not yet
