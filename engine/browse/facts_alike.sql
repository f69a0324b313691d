-- The facts of the store that a typed one may mean by its texts in $languages, told in every language: of its relation
-- and about its subject, or with its very question. Names are compared as a whole, word by word, so that neither Niger is
-- found in Nigeria nor Guinea in Guinea-Bissau. Of datasets with the same fact the larger comes first.
with typed as (
    select
        list_transform($questions::varchar[], lambda q: in_words(q)) as questions,
        list_transform($subjects::varchar[], lambda s: in_words(s)) as subjects,
        list_transform($relations::varchar[], lambda r: in_words(r)) as relations
),
alike as (
    select distinct t.dataset, t.fact_ix
    from fact_texts as t join facts as f using (dataset, fact_ix) cross join typed
    where list_contains($languages::varchar[], t.language::varchar)
        and (list_contains(typed.questions, in_words(t.question))
            or list_contains(typed.relations, in_words(f.relation))
                and list_contains(typed.subjects, in_words(t.subject)))
),
sizes as (
    select dataset, count(*) as n_facts from facts group by dataset
)
select
    t.dataset::varchar as dataset, d.title, f.fact_id, f.relation, f.gold, t.language::varchar as language, t.subject,
    t.options, t.answers
from alike join fact_texts as t using (dataset, fact_ix) join facts as f using (dataset, fact_ix)
join dataset_scales as d on d.dataset = t.dataset
join sizes as s on s.dataset = t.dataset
order by n_facts desc, t.dataset, f.fact_ix, t.language
