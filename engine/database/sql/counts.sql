-- Which figures speak for a model on a dataset: answers where there are any, else published counts; never a mixture.
create table figure_sources as
select distinct model, dataset, 'results' as source from answers
union all
select distinct label::model_id, dataset::dataset_id, min(source)
from published_accuracy join published_labels using (source, model)
where (label::model_id, dataset::dataset_id) not in (select distinct (model, dataset) from answers)
group by all;

-- Facts of one gold option that a model has right in a language. `n` counts measured facts, `n_missing` the others.
create table accuracy_counts as
select
    model, dataset, language, gold_key,
    count(correct)::bigint as n,
    (count(*) filter (where correct))::bigint as n_correct,
    (count(*) filter (where correct is not null and not parsed))::bigint as n_unparsed,
    (count(*) filter (where correct is null))::bigint as n_missing
from answers join facts using (dataset, fact_ix)
group by model, dataset, language, gold_key
union all
select
    s.model, p.dataset::dataset_id, language::language_id, gold_option::varchar, n, n_correct, n_unparsed, 0
from published_accuracy as p
join published_labels as l on l.source = p.source and l.model = p.model
join figure_sources as s on s.model = l.label::model_id and s.dataset = p.dataset::dataset_id and s.source = p.source;
