-- The role that Tanggap runs as on PostgreSQL: it reads and writes rows, and can neither change nor drop a table, nor
-- switch off the triggers that guard the audit trail and the tickets' history.
--
-- Two roles share the work. The owner of the database brings the schema up to date (`chatbot db upgrade`), and nothing
-- runs as that role in between; `tanggap` is the one in CHATBOT_DATABASE_URL of `run`, `web` and `worker`.
--
-- Once, after the first `chatbot db upgrade`, connected to Tanggap's database as its owner; again does no harm:
--   psql "$OWNER_URL" --set ON_ERROR_STOP=1 --file docs/deploy/postgresql-role.sql
--   psql "$OWNER_URL" --command '\password tanggap'

do $$
begin
    if not exists (select from pg_roles where rolname = 'tanggap') then
        create role tanggap login nosuperuser nocreatedb nocreaterole noreplication;
    end if;
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to tanggap', current_database());
end
$$;

revoke all on schema public from public;
grant usage on schema public to tanggap;

grant select, insert, update, delete on all tables in schema public to tanggap;
grant usage, select on all sequences in schema public to tanggap;
-- The same for what later versions add, as long as the same owner brings them.
alter default privileges in schema public grant select, insert, update, delete on tables to tanggap;
alter default privileges in schema public grant usage, select on sequences to tanggap;

-- Only added to, whatever a fault or an intruder in the program tries; the words of an erased ticket may be emptied,
-- and a trigger lets nothing else by.
revoke update, delete on audit, ticket_event from tanggap;
grant update (text) on ticket_event to tanggap;
revoke insert, update, delete on alembic_version from tanggap;
