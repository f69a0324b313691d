-- The datasets whose facts can be asked, in every language that has their texts. `n_closed`: facts with options.
select
    t.dataset::varchar as dataset, d.title,
    count(distinct t.fact_ix)::bigint as n_facts,
    (count(distinct t.fact_ix) filter (where len(t.options) > 0))::bigint as n_closed,
    list(distinct t.language::varchar order by t.language::varchar) as languages
from fact_texts as t
join dataset_scales as d on d.dataset = t.dataset
group by t.dataset, d.title
order by t.dataset
