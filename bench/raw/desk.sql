-- The same rows asked of the database alone: one statement each, no row security, no page, no names to print.
-- %(portfolios)s: those of the scope; %(deep)s: the last row before the deep page.

-- name: list
SELECT i.id, i.reference, i.title, i.state, i.opened_at, i.due_at, p.family_name
FROM unnest(%(portfolios)s::int[]) AS f(portfolio)
CROSS JOIN unnest(%(states)s::text[]) AS s(state)
CROSS JOIN LATERAL (
    SELECT * FROM interventions_intervention
    WHERE portfolio_id = f.portfolio AND state = s.state ORDER BY opened_at DESC, id DESC LIMIT 25) AS i
JOIN people_person p ON p.id = i.subject_id
ORDER BY i.opened_at DESC, i.id DESC LIMIT 25;

-- name: deep
SELECT i.id, i.reference, i.title, i.state, i.opened_at, i.due_at, p.family_name
FROM interventions_intervention d
CROSS JOIN unnest(%(portfolios)s::int[]) AS f(portfolio)
CROSS JOIN unnest(%(states)s::text[]) AS s(state)
CROSS JOIN LATERAL (
    SELECT * FROM interventions_intervention
    WHERE portfolio_id = f.portfolio AND state = s.state AND (opened_at, id) < (d.opened_at, d.id)
    ORDER BY opened_at DESC, id DESC LIMIT 25) AS i
JOIN people_person p ON p.id = i.subject_id
WHERE d.id = %(deep)s
ORDER BY i.opened_at DESC, i.id DESC LIMIT 25;

-- name: detail
SELECT * FROM interventions_intervention i LEFT JOIN interventions_move m ON m.intervention_id = i.id
WHERE i.id = %(intervention)s ORDER BY m.at;
