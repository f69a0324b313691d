-- title: Transfer
-- level: consistency
-- meaning: Of the facts that the model has right in language a, the share it also has right in language b, inside the
--   facts measured in both; missing where it has none right in a.
-- range: 0 to 1; a model that guesses in b gets the dataset's chance
-- direction: directed, from language_a to language_b
-- interval: Wilson 95 %
-- source: the conditional form of the overlap, |A and B| / |A|
-- confirmed: yes
-- shape: pair
-- scale: share
-- needs: counts
-- in-short: of the facts right in the row's language, the share right in the column's.
-- guessing: chance
-- missing: nothing is right in the row's language
-- columns: model, dataset, language_a, language_b, n, n_both, n_right_a, transfer
-- key: model, dataset, language_a, language_b
with directed as (
    select model, dataset, language_a, language_b, n, n_both_right, n_both_right + n_only_a as n_right_a
    from pair_counts
    union all
    select model, dataset, language_b, language_a, n, n_both_right, n_both_right + n_only_b
    from pair_counts
)
select
    model, dataset, language_a, language_b, n, n_both_right as n_both, n_right_a,
    n_both_right / nullif(n_right_a, 0) as transfer,
    wilson_low(n_both_right, n_right_a) as ci_low,
    wilson_high(n_both_right, n_right_a) as ci_high
from directed
