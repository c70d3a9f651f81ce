-- SPDX-License-Identifier: Apache-2.0
-- An index for each order that a list can be asked for, with the id behind it, so that a page of a long list is read and not sorted.
create index containers_by_creation on containers (tenant_id, created_at, id) where deleted_at is null;
create index containers_by_memory on containers (tenant_id, memory_bytes, id) where deleted_at is null;
create index containers_by_disk on containers (tenant_id, disk_bytes, id) where deleted_at is null;
create index tenants_by_creation on tenants (created_at, id);
create index invoices_by_total on invoices (total, id);
