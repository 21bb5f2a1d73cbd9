-- The least that could be written for a contact and its intervention: two rows, one durable commit.

-- name: tables
CREATE TABLE IF NOT EXISTS bench_contact (id uuid PRIMARY KEY, person_id uuid, happened_at timestamptz, words text);
CREATE TABLE IF NOT EXISTS bench_intervention (
    id uuid PRIMARY KEY, contact_id uuid, kind text, due_at timestamptz, state text);

-- name: open
WITH contact AS (
    INSERT INTO bench_contact VALUES (gen_random_uuid(), gen_random_uuid(), now(), 'carte perdue') RETURNING id)
INSERT INTO bench_intervention
SELECT gen_random_uuid(), id, 'bank-card-block', now() + interval '2 hours', 'assigned' FROM contact;
