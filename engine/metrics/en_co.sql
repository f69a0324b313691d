-- title: English-centred consistency (en-CO)
-- level: consistency
-- meaning: How far a language's right answers coincide with those in the pivot language (English unless another is
--   chosen). `jaccard`: right in both / right in either. `share_of_english`: right in both / right in the pivot. The pivot
--   against itself is 1.
-- range: 0 to 1
-- direction: directed, pivot to language (the Jaccard reading itself is symmetric)
-- interval: Wilson 95 % of the Jaccard reading
-- source: CLiKA (Gao et al., NAACL 2024)
-- confirmed: no. The paper's formula could not be read and the authors released no code for it; both likely readings are
--   given, and neither claims to reproduce the paper's table.
-- shape: language
-- scale: share
-- needs: counts
-- builds-on: accuracy
-- parameters: pivot_language
-- columns: model, dataset, language, n, jaccard, share_of_english
-- key: model, dataset, language
with from_pivot as (
    select
        model, dataset, language_b as language, n, n_both_right, n_both_right + n_only_a as n_pivot,
        n_both_right + n_only_a + n_only_b as n_either
    from pair_counts where language_a::varchar = pivot_language
    union all
    select
        model, dataset, language_a, n, n_both_right, n_both_right + n_only_b, n_both_right + n_only_a + n_only_b
    from pair_counts where language_b::varchar = pivot_language
    union all
    select model, dataset, language, n, correct, correct, correct from accuracy where language::varchar = pivot_language
)
select
    model, dataset, language, n,
    n_both_right / nullif(n_either, 0) as jaccard,
    n_both_right / nullif(n_pivot, 0) as share_of_english,
    wilson_low(n_both_right, n_either) as ci_low,
    wilson_high(n_both_right, n_either) as ci_high
from from_pivot
