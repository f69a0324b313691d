-- What can be chosen: every model and dataset with figures, where they come from, and whether the facts can be read.
-- `model` is the label of a way of asking, `own_name` what the model itself is called; `is_latest`: of the model's ways on
-- the dataset, the one that finished last. `source` is `results` for answers. Probe and template are NULL where they are
-- not known, as of published counts; `harness` is who asked, of what was imported. `model_group`: lab (its exposure is
-- known), published (counts of it are), asked (the store describes it), own (what only its user knows). `n_facts` and
-- `n_languages` are the dataset's: the facts of its fullest language, and the languages in which a model has figures.
with sizes as (
    select dataset, max(n)::bigint as n_facts, count(distinct language) as n_languages
    from (
        select model, dataset, language, sum(n + n_missing) as n
        from accuracy_counts group by model, dataset, language
    )
    group by dataset
)
select
    s.model::varchar as model, s.dataset::varchar as dataset, s.source,
    k.model as own_name,
    k.probe, k.template, k.harness,
    row_number() over (partition by s.dataset, k.model order by k.finished desc nulls last, s.model) = 1 as is_latest,
    d.title, d.stream, g.chance, g.ceiling, d.ceiling_source, g.chance_overlap,
    m.family, m.billion_parameters, m.built_on, m.training_strategy, m.target_languages,
    case
        when exists (select 1 from exposure as e where e.model = k.model) then 'lab'
        when exists (select 1 from published_accuracy as p where p.model = k.model) then 'published'
        when m.model is not null then 'asked'
        else 'own'
    end as model_group,
    z.n_facts, z.n_languages,
    exists (select 1 from fact_texts as t where t.dataset = s.dataset) as has_texts,
    (select list(distinct a.language::varchar order by a.language::varchar)
     from accuracy_counts as a where a.model = s.model and a.dataset = s.dataset) as languages,
    -- of these, those in which anything was measured
    (select list(distinct a.language::varchar order by a.language::varchar)
     from accuracy_counts as a where a.model = s.model and a.dataset = s.dataset and a.n > 0) as measured
from figure_sources as s
join dataset_scales as d on d.dataset = s.dataset
join chance as g on g.dataset = s.dataset
join sizes as z on z.dataset = s.dataset
join askings as k on k.label = s.model
left join models as m on m.model = k.model
order by s.dataset, s.model
