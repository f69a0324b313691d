-- One row per lab model: means over those of the chosen languages in which a measure is known; the one that crossed most
-- first. Parts of the right answers (stored, crossed_share, guessed) and their bound are means over the languages in
-- which all three are known, so that they add up to 1. The interval of a mean is the mean of the intervals: too wide
-- rather than too narrow, since it takes the errors of the languages as wholly alike. `n_nowhere` is the smallest control.
with truth as (
    select
        model, avg(crossed) as crossed, avg(ci_low) as crossed_low, avg(ci_high) as crossed_high,
        count(crossed)::bigint as n_languages,
        (min(n_nowhere) filter (where crossed is not null))::bigint as n_nowhere,
        (min(n_elsewhere) filter (where crossed is not null))::bigint as n_elsewhere,
        avg(accuracy_nowhere) filter (where crossed is not null) as accuracy_nowhere,
        avg(accuracy_elsewhere) filter (where crossed is not null) as accuracy_elsewhere
    from crossed
    where list_contains($models::varchar[], model::varchar) and dataset = try_cast($dataset as dataset_id)
        and list_contains($languages::varchar[], language::varchar) and strings = $strings
    group by model
),
parts as (
    select
        model, avg(stored) as stored, avg(crossed) as crossed_share, avg(guessed) as guessed,
        avg(ci_low) as share_low, avg(ci_high) as share_high, count(*)::bigint as n_parts
    from right_answers_made_of
    where list_contains($models::varchar[], model::varchar) and dataset = try_cast($dataset as dataset_id)
        and list_contains($languages::varchar[], language::varchar) and strings = $strings and stored is not null
        and n_elsewhere > 0
    group by model
),
measured as (
    select
        model, avg(value) filter (where measure = 'ra') as ra,
        avg(value) filter (where measure = 'overlap') as overlap
    from measured_and_crossed($models::varchar[], [$dataset::varchar], $languages::varchar[])
    -- the languages of `crossed`, so that the dots of a model speak of the same languages
    where crossed is not null
    group by model
)
select
    t.model::varchar as model, k.model as own_name, t.* exclude (model), p.* exclude (model), m.ra, m.overlap,
    rank() over (order by t.crossed desc nulls last) as place, rank() over (order by m.ra desc nulls last) as ra_place
from truth as t
join askings as k on k.label = t.model
left join parts as p on p.model = t.model
left join measured as m on m.model = t.model
order by t.crossed desc nulls last, t.model
