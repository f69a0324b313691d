-- The subjects of a relation, to be found in any language: a row per fact, with its name in the language $read (else in
-- English, else in any), in English, and every other name.
with named as (
    select f.fact_ix, f.fact_id, t.language::varchar as language, t.subject
    from fact_texts as t join facts as f using (dataset, fact_ix)
    where f.dataset = try_cast($dataset as dataset_id) and f.relation = $relation and t.subject <> ''
)
select
    fact_id,
    coalesce(min(subject) filter (where language = $read), min(subject) filter (where language = 'en'), min(subject))
        as name,
    min(subject) filter (where language = 'en') as english,
    list(distinct subject order by subject) as names
from named
group by fact_ix, fact_id
order by lower(name), fact_ix
