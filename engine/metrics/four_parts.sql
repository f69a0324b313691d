-- title: Four parts of a pair
-- level: consistency
-- meaning: The facts measured in two languages, by where the model has them right: in both, only in the first, only in the
--   second, in neither; each as a share of all of them.
-- range: each part 0 to 1; the four of a pair add up to 1
-- direction: directed, from language_a to language_b
-- interval: Wilson 95 %, each part by itself
-- source: the 2 by 2 table of two yes-or-no outcomes; interval: Wilson 1927, doi:10.1080/01621459.1927.10502953
-- confirmed: yes
-- shape: part
-- scale: share
-- needs: counts
-- parameters: models, datasets, languages
-- columns: model, dataset, language_a, language_b, part, n, n_part, share
-- key: model, dataset, language_a, language_b, part
with chosen as (
    select * from pair_counts
    where (models is null or model in (select try_cast(unnest(models) as model_id)))
        and (datasets is null or dataset in (select try_cast(unnest(datasets) as dataset_id)))
        and (languages is null or language_a in (select try_cast(unnest(languages) as language_id)))
        and (languages is null or language_b in (select try_cast(unnest(languages) as language_id)))
),
directed as (
    select
        model, dataset, language_a, language_b, n, n_both_right as "both", n_only_a as only_a, n_only_b as only_b,
        n_wrong_alike + n_wrong_differently as neither
    from chosen
    union all
    select
        model, dataset, language_b, language_a, n, n_both_right, n_only_b, n_only_a, n_wrong_alike + n_wrong_differently
    from chosen
)
select
    model, dataset, language_a, language_b, part, n, n_part::bigint as n_part,
    n_part / nullif(n, 0) as share,
    wilson_low(n_part, n) as ci_low,
    wilson_high(n_part, n) as ci_high
from directed unpivot (n_part for part in ("both", only_a, only_b, neither))
