-- The facts of the store that a typed one may mean by its texts in $languages, told in every language, the likeliest first: of its relation and about its
-- subject, or with its very question; else those whose subject and relation its English question names ($named), by the
-- longest name (Guinea-Bissau, not Guinea): `is_guess`. Names are compared word by word, so that Niger is not found in
-- Nigeria. Of datasets with the same fact the larger comes first.
with typed as (
    select
        list_transform($questions::varchar[], lambda q: in_words(q)) as questions,
        list_transform($subjects::varchar[], lambda s: in_words(s)) as subjects,
        list_transform($relations::varchar[], lambda r: in_words(r)) as relations,
        in_words($named) as named
),
candidates as (
    select
        t.dataset, t.fact_ix,
        case
            when list_contains(typed.questions, in_words(t.question)) then 0
            when list_contains(typed.relations, in_words(f.relation))
                and list_contains(typed.subjects, in_words(t.subject)) then 0
            when t.language::varchar = 'en' and length(t.subject) > 2 and contains(typed.named, in_words(t.subject))
                and contains(typed.named, in_words(f.relation)) then 1000 - length(t.subject)
        end as place
    from fact_texts as t join facts as f using (dataset, fact_ix) cross join typed
    where list_contains($languages::varchar[], t.language::varchar)
),
alike as (
    select distinct dataset, fact_ix, place > 0 as is_guess
    from candidates where place is not null qualify place = min(place) over ()
),
sizes as (
    select dataset, count(*) as n_facts from facts group by dataset
)
select
    t.dataset::varchar as dataset, d.title, f.fact_id, f.relation, f.gold, t.language::varchar as language, t.subject,
    t.options, t.answers, is_guess
from alike join fact_texts as t using (dataset, fact_ix) join facts as f using (dataset, fact_ix)
join dataset_scales as d on d.dataset = t.dataset
join sizes as s on s.dataset = t.dataset
order by n_facts desc, t.dataset, f.fact_ix, t.language
