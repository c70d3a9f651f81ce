-- SPDX-License-Identifier: Apache-2.0
-- How many unfinished operations a tenant has is asked for each that is accepted: among the finished ones of a month it would be looked for long.
create index operations_unfinished_by_number on operations (number) where state in ('PENDING', 'RUNNING'); -- the order in which they are claimed
create index operations_unfinished_by_tenant on operations (tenant_id) where state in ('PENDING', 'RUNNING');
