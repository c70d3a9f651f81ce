-- SPDX-License-Identifier: Apache-2.0
-- What an operator is there for. Who may do everything is one of the role ADMIN, and of these alone "operator" is true: whatever asks for that asks for them.
alter table users add column operator_role text check (operator_role in ('ADMIN', 'SUPPORT', 'BILLING', 'AUDITOR', 'READ_ONLY'));
update users set operator_role = 'ADMIN' where operator;
alter table users add check (operator = coalesce(operator_role = 'ADMIN', false));

drop trigger users_tell_update on users;
create trigger users_tell_update after update on users for each row
    when ((old.operator_role, old.credentials_version) is distinct from (new.operator_role, new.credentials_version))
    execute function tell_access('id');
