-- title: Overlap
-- level: consistency
-- meaning: Of the facts that the model has right in at least one of two languages, the share it has right in both
--   (Jaccard index), inside the facts measured in both; missing where it has none right in either. Beside it the overlap
--   expected of a model that knows nothing across languages: a null that keeps each language's accuracy per gold option,
--   so that a model that always answers the same letter is expected to overlap as much as it does. Above chance is the
--   difference, a measure of its own.
-- range: overlap and expected 0 to 1; above chance -1 to 1, 0 under the null
-- direction: symmetric
-- interval: Wilson 95 % of the overlap, given the facts right in either
-- source: overlap of right answers: Jiang et al. 2020, doi:10.18653/v1/2020.emnlp-main.479 (as COverlap in Qi et al. 2023,
--   doi:10.18653/v1/2023.emnlp-main.658); the null is Isogloss's own
-- confirmed: yes. The overlap is read in Qi et al.'s code; `expected` is defined here and not from a paper.
-- shape: pair
-- scale: share
-- needs: counts
-- in-short: of the facts right in either language, the share right in both.
-- guessing: chance_overlap
-- columns: model, dataset, language_a, language_b, n, n_both, n_either, overlap, expected, above_chance
-- key: model, dataset, language_a, language_b
with counted as (
    select *, (n_both_right + n_only_a + n_only_b) as n_either, 2 * n_both_right + n_only_a + n_only_b as n_right
    from pair_counts
),
measured as (
    select
        *,
        n_both_right / nullif(n_either, 0) as overlap,
        expected_both / nullif(n_right - expected_both, 0) as expected
    from counted
)
select
    model, dataset, language_a, language_b, n, n_both_right as n_both, n_either, overlap, expected,
    overlap - expected as above_chance,
    wilson_low(n_both_right, n_either) as ci_low,
    wilson_high(n_both_right, n_either) as ci_high
from measured
