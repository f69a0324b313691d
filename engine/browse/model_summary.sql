-- One row per model on a dataset (of `models`; NULL: all): the metrics mean_of_languages and mean_of_pairs over the chosen
-- languages. `own_name`: without the way of asking; `n`: the fewest facts of a language.
with levels as (
    from mean_of_languages($models::varchar[], [$dataset::varchar], $languages::varchar[])
),
pairs as (
    from mean_of_pairs($models::varchar[], [$dataset::varchar], $languages::varchar[])
)
select
    l.model::varchar as model, k.model as own_name, m.family, m.billion_parameters, m.built_on, m.training_strategy, m.target_languages,
    l.mean as mean_accuracy, l.ci_low as mean_accuracy_low, l.ci_high as mean_accuracy_high,
    r.mean as mean_ra, r.ci_low as mean_ra_low, r.ci_high as mean_ra_high,
    l.n_languages, l.n_least as n, l.english, l.others, l.gap,
    p.mean as mean_overlap, c.mean as mean_above_chance, p.n_pairs
from levels as l
join levels as r on r.model = l.model and r.measure = 'ra'
left join pairs as p on p.model = l.model and p.measure = 'overlap'
left join pairs as c on c.model = l.model and c.measure = 'above_chance'
join askings as k on k.label = l.model
left join models as m on m.model = k.model
where l.measure = 'accuracy'
order by round(mean_accuracy, 12) desc, model -- rounded: equals are equal however they were summed
