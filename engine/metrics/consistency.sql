-- title: Consistency in k languages (Cons_k, AC3_k)
-- level: consistency
-- meaning: Cons_k: over all sets of k of the chosen languages, the mean share of facts for which the model chooses the
--   same option in all k, right or wrong; an answer in which no option can be read never agrees. AC3_k: harmonic mean of
--   Cons_k and the accuracy. Counted over the facts measured in every chosen language. Where only published counts are
--   there, k = 2 alone can be computed.
-- range: 0 to 1; uniform guessing among m options gives m^(1-k)
-- direction: one figure per model and k
-- interval: normal 95 % of the mean over facts; missing for published counts
-- source: SeaEval (Wang et al., NAACL 2024), doi:10.18653/v1/2024.naacl-long.22
-- confirmed: yes. Within .015 of SeaEval's published figures, whose answers are aligned by other rules.
-- shape: k
-- scale: share
-- needs: counts
-- builds-on: accuracy
-- parameters: models, datasets, languages
-- columns: model, dataset, k, n, consistency, accuracy, ac3
-- key: model, dataset, k
with asked as (
    select a.*, count(distinct language) over (partition by model, dataset) as n_languages
    from answers as a
    where correct is not null
        and (models is null or model in (select try_cast(unnest(models) as model_id)))
        and (datasets is null or dataset in (select try_cast(unnest(datasets) as dataset_id)))
        and (languages is null or language in (select try_cast(unnest(languages) as language_id)))
),
complete as (
    select model, dataset, fact_ix, n_languages, avg(correct::integer) as accuracy
    from asked
    group by all
    having count(*) = n_languages and n_languages > 1
),
-- how many languages chose each option, e.g. [7, 2]: all that Cons_k needs to know of a fact
votes as (
    select model, dataset, fact_ix, n_languages, predicted, count(*) as n_votes
    from asked
    where predicted is not null
    group by all
),
patterns as (
    select c.model, c.dataset, c.n_languages, c.fact_ix, c.accuracy, coalesce(list_sort(list(n_votes)), []) as pattern
    from complete as c left join votes using (model, dataset, fact_ix)
    where true
    group by all
),
shares as (
    select
        model, dataset, k, n_facts, sum_accuracy,
        -- share of k-subsets that agree on an option: C(v, k) / C(languages, k), summed over the options
        list_sum([list_product([(v - i) / (n_languages - i) for i in range(k)]) for v in pattern]) as share
    from (
        select model, dataset, n_languages, pattern, count(*) as n_facts, sum(accuracy) as sum_accuracy
        from patterns group by all
    )
    cross join lateral (select unnest(range(2, n_languages + 1)) as k)
),
from_answers as (
    select
        model, dataset, k, sum(n_facts) as n,
        sum(n_facts * coalesce(share, 0)) / sum(n_facts) as consistency,
        sum(sum_accuracy) / sum(n_facts) as accuracy,
        sum(n_facts * coalesce(share, 0) ^ 2) / sum(n_facts) as mean_square
    from shares
    group by model, dataset, k
),
from_counts as (
    select
        p.model, p.dataset, 2 as k, min(p.n) as n, avg(p.n_same / nullif(p.n, 0)) as consistency
    from pair_counts as p
    join figure_sources as s on s.model = p.model and s.dataset = p.dataset and s.source <> 'results'
    where languages is null
        or (list_contains(languages, language_a::varchar) and list_contains(languages, language_b::varchar))
    group by p.model, p.dataset
),
every_figure as (
    select *, sqrt(greatest(0, mean_square - consistency ^ 2) / nullif(n - 1, 0)) as standard_error from from_answers
    union all
    select c.model, c.dataset, k, c.n, consistency, avg(a.accuracy), null, null
    from from_counts as c join accuracy as a on a.model = c.model and a.dataset = c.dataset
    where languages is null or list_contains(languages, a.language::varchar)
    group by all
)
select
    model, dataset, k::integer as k, n::bigint as n, consistency, accuracy,
    2 * accuracy * consistency / nullif(accuracy + consistency, 0) as ac3,
    -- greatest() and least() pass over NULL: without a standard error there is no interval
    case when standard_error is not null then greatest(0, consistency - 1.9599639845400540 * standard_error) end
        as ci_low,
    case when standard_error is not null then least(1, consistency + 1.9599639845400540 * standard_error) end
        as ci_high
from every_figure
