-- The facts of one group of a language pair: both, only_a, only_b, wrong_alike, wrong_differently.
with answered as (
    select
        a.fact_ix, a.dataset, a.predicted as predicted_a, b.predicted as predicted_b,
        case
            when a.correct and b.correct then 'both'
            when a.correct then 'only_a'
            when b.correct then 'only_b'
            when a.predicted = b.predicted then 'wrong_alike'
            else 'wrong_differently'
        end as facts_group
    from answers as a
    join answers as b on b.model = a.model and b.dataset = a.dataset and b.fact_ix = a.fact_ix
    where a.model = try_cast($model as model_id) and a.dataset = try_cast($dataset as dataset_id)
        and a.language = $language_a and b.language = $language_b
        and a.correct is not null and b.correct is not null
)
select
    f.fact_id, f.relation, f.gold, w.predicted_a, w.predicted_b,
    ta.question as question_a, tb.question as question_b, ta.options as options_a, tb.options as options_b,
    count(*) over () as n_facts
from answered as w
join facts as f on f.dataset = w.dataset and f.fact_ix = w.fact_ix
left join fact_texts as ta on ta.dataset = w.dataset and ta.fact_ix = w.fact_ix and ta.language = $language_a
left join fact_texts as tb on tb.dataset = w.dataset and tb.fact_ix = w.fact_ix and tb.language = $language_b
where w.facts_group = $facts_group
order by w.fact_ix
limit $limit offset $offset
