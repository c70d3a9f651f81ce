-- SPDX-License-Identifier: Apache-2.0
-- Prices, invoices and the ledger. Money is whole minor units of a currency. Nothing here refers to tenants by foreign key: what was billed stays when a
-- tenant goes. What must not change is held by triggers, not by the platform's good behaviour.

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of % never change; make a new one', tg_table_name, coalesce(old.id::text, '?')
        using errcode = 'integrity_constraint_violation';
end $$;

create table price_books (
    id uuid primary key,
    name text not null unique check (name ~ '^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$'),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    created_at timestamptz not null default now()
);
create trigger price_books_never_change before update or delete on price_books for each row execute function refuse_change();

create table price_book_versions (
    id uuid primary key,
    book_id uuid not null references price_books,
    version int not null check (version > 0),
    rounding text not null check (rounding in ('HALF_UP', 'HALF_EVEN', 'DOWN', 'UP')),
    prices jsonb not null,
    created_at timestamptz not null default now(),
    created_by uuid references users on delete set null,
    unique (book_id, version)
);
create function refuse_change_of_version() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and to_jsonb(new) - 'created_by' = to_jsonb(old) - 'created_by' then
        return new; -- whoever made it is gone
    end if;
    raise exception 'versions of price books never change; make a new one'
        using errcode = 'integrity_constraint_violation';
end $$;
create trigger price_book_versions_never_change before update or delete on price_book_versions
    for each row execute function refuse_change_of_version();

create table plans (
    id uuid primary key,
    name text not null unique check (name ~ '^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$'),
    version_id uuid not null references price_book_versions,
    flat_monthly bigint not null check (flat_monthly >= 0),
    minimum_monthly bigint not null check (minimum_monthly >= 0),
    created_at timestamptz not null default now()
);
create trigger plans_never_change before update or delete on plans for each row execute function refuse_change();

-- From that day on, UTC, until the next.
create table plan_assignments (
    tenant_id uuid not null,
    from_day date not null,
    plan_id uuid references plans, -- null: none any more
    assigned_at timestamptz not null default now(),
    assigned_by uuid references users on delete set null,
    primary key (tenant_id, from_day)
);

-- Whom invoices are from, and to.
create table billing_issuer (
    one boolean primary key default true check (one),
    party jsonb not null
);
create table billing_profiles (
    tenant_id uuid primary key,
    party jsonb not null
);
create table tenant_taxes (
    tenant_id uuid primary key,
    name text not null,
    basis_points int not null check (basis_points between 0 and 10000) -- hundredths of a percent
);

-- The next number is taken in the transaction that makes the invoice final: one that is rolled back gives it back, so there are no gaps.
create table invoice_series (
    name text primary key check (name in ('INVOICE', 'CREDIT_NOTE')),
    next_number bigint not null default 1 check (next_number > 0)
);
insert into invoice_series (name) values ('INVOICE'), ('CREDIT_NOTE');

create table invoices (
    id uuid primary key,
    kind text not null check (kind in ('INVOICE', 'CREDIT_NOTE')),
    state text not null check (state in ('DRAFT', 'FINAL')),
    number bigint check (number > 0),
    tenant_id uuid not null,
    tenant_name text not null,
    month date not null check (extract(day from month) = 1),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    net bigint not null check (net >= 0),
    tax_name text not null,
    tax_basis_points int not null check (tax_basis_points between 0 and 10000),
    tax bigint not null check (tax >= 0),
    total bigint not null,
    issuer jsonb not null,
    customer jsonb not null,
    corrects uuid references invoices,
    reason text, -- of a credit note
    computed_at timestamptz not null default now(),
    final_at timestamptz,
    unique (kind, number),
    check (total = net + tax),
    check ((state = 'FINAL') = (number is not null) and (state = 'FINAL') = (final_at is not null)),
    check ((kind = 'CREDIT_NOTE') = (corrects is not null) and (kind = 'CREDIT_NOTE') = (reason is not null))
);
create unique index invoices_one_a_month on invoices (tenant_id, month, currency) where kind = 'INVOICE';
create index invoices_by_tenant on invoices (tenant_id, id desc);
create index invoices_by_corrected on invoices (corrects) where corrects is not null;

create table invoice_lines (
    invoice_id uuid not null references invoices,
    line int not null check (line > 0),
    kind text not null check (kind in ('FLAT', 'USAGE', 'MINIMUM', 'CORRECTION')),
    meter text,
    plan text,
    from_day date not null,
    to_day date not null check (to_day > from_day), -- the first that is no part of it
    quantity numeric not null, -- parts of the meter's unit; money is computed from these
    unit text not null,
    units numeric not null, -- for people to read
    amount bigint not null,
    primary key (invoice_id, line)
);

create table invoice_days (
    invoice_id uuid not null,
    line int not null,
    day date not null,
    quantity numeric not null,
    amount bigint not null,
    primary key (invoice_id, line, day),
    foreign key (invoice_id, line) references invoice_lines
);

create function refuse_change_of_final() returns trigger language plpgsql as $$
declare
    its_invoice uuid;
begin
    if tg_table_name = 'invoices' then
        if old.state = 'FINAL' then
            raise exception 'invoice % is final and never changes; correct it by a credit note', old.id
                using errcode = 'integrity_constraint_violation';
        end if;
    else
        its_invoice := case when tg_op = 'DELETE' then old.invoice_id else new.invoice_id end;
        if exists (select from invoices where id = its_invoice and state = 'FINAL') then
            raise exception 'invoice % is final and so are its lines; correct it by a credit note', its_invoice
                using errcode = 'integrity_constraint_violation';
        end if;
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger final_invoices_never_change before update or delete on invoices
    for each row execute function refuse_change_of_final();
create trigger final_lines_never_change before insert or update or delete on invoice_lines
    for each row execute function refuse_change_of_final();
create trigger final_days_never_change before insert or update or delete on invoice_days
    for each row execute function refuse_change_of_final();

-- At the transaction's end a final invoice is the sum of its lines, and each line the sum of its days.
create function check_invoice_sums() returns trigger language plpgsql as $$
begin
    if new.state = 'FINAL' then
        if new.net <> (select coalesce(sum(amount), 0) from invoice_lines where invoice_id = new.id) then
            raise exception 'invoice % is not the sum of its lines', new.id using errcode = 'integrity_constraint_violation';
        end if;
        if exists (select from invoice_lines l where l.invoice_id = new.id and l.kind in ('FLAT', 'USAGE', 'MINIMUM')
                and not exists (select from invoice_days d where d.invoice_id = l.invoice_id and d.line = l.line
                    having sum(d.amount) = l.amount and sum(d.quantity) = l.quantity)) then
            raise exception 'a line of invoice % is not the sum of its days', new.id
                using errcode = 'integrity_constraint_violation';
        end if;
    end if;
    return null;
end $$;
create constraint trigger final_invoices_add_up after insert or update on invoices deferrable initially deferred
    for each row execute function check_invoice_sums();

-- Double entry: debit above 0, credit below; the sum of an entry is 0, and the database says so.
create table ledger_entries (
    id uuid primary key,
    kind text not null check (kind in ('INVOICE', 'CREDIT_NOTE', 'CREDIT', 'CREDIT_USED', 'PAYMENT')),
    tenant_id uuid not null,
    invoice_id uuid references invoices,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    reference text,
    at timestamptz not null default now(),
    by_user uuid references users on delete set null
);
create index ledger_entries_by_tenant on ledger_entries (tenant_id, id desc);
create index ledger_entries_by_invoice on ledger_entries (invoice_id) where invoice_id is not null;

create table ledger_postings (
    entry_id uuid not null references ledger_entries,
    account text not null check (account in ('RECEIVABLE', 'REVENUE', 'TAX', 'CREDIT', 'PROMOTION', 'CASH')),
    amount bigint not null check (amount <> 0),
    primary key (entry_id, account)
);

create function check_entry_sum() returns trigger language plpgsql as $$
declare
    entry uuid;
begin
    entry := case when tg_table_name = 'ledger_entries' then (to_jsonb(new) ->> 'id')::uuid else (to_jsonb(new) ->> 'entry_id')::uuid end;
    if (select count(*) < 2 or sum(amount) <> 0 from ledger_postings where entry_id = entry) then
        raise exception 'ledger entry % is not balanced', entry using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;
create constraint trigger ledger_entries_balance after insert on ledger_entries deferrable initially deferred
    for each row execute function check_entry_sum();
create constraint trigger ledger_postings_balance after insert on ledger_postings deferrable initially deferred
    for each row execute function check_entry_sum();

create function refuse_change_of_ledger() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and to_jsonb(new) - 'by_user' = to_jsonb(old) - 'by_user' then
        return new; -- whoever it was is gone
    end if;
    raise exception 'the ledger is only ever added to' using errcode = 'integrity_constraint_violation';
end $$;
create trigger ledger_entries_never_change before update or delete on ledger_entries
    for each row execute function refuse_change_of_ledger();
create trigger ledger_postings_never_change before update or delete on ledger_postings
    for each row execute function refuse_change_of_ledger();
