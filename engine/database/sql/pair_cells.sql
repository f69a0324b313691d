-- One row per ordered pair of languages of every model and dataset, the diagonal included (there the accuracy, and its
-- interval in place of the others): what the heatmap of language pairs needs, ready to be read. Built from the metrics.
create table pair_cells as
with both_ways as (
    select
        model, dataset, language_a, language_b, n_only_a, n_only_b, n_wrong_alike, n_wrong_differently,
        overlap, expected, above_chance, ci_low, ci_high
    from overlap join pair_counts using (model, dataset, language_a, language_b)
    union all
    select
        model, dataset, language_b, language_a, n_only_b, n_only_a, n_wrong_alike, n_wrong_differently,
        overlap, expected, above_chance, ci_low, ci_high
    from overlap join pair_counts using (model, dataset, language_a, language_b)
)
select
    model, dataset, language_a, language_b, t.n, t.n_both, p.n_only_a, p.n_only_b,
    p.n_wrong_alike, p.n_wrong_differently,
    p.overlap, p.expected, p.above_chance, t.transfer, null::double as accuracy,
    p.ci_low as overlap_low, p.ci_high as overlap_high, t.ci_low as transfer_low, t.ci_high as transfer_high
from both_ways as p join transfer as t using (model, dataset, language_a, language_b)
union all
select
    model, dataset, language, language, n, correct, 0, 0, null, null,
    null, null, null, null, accuracy, ci_low, ci_high, ci_low, ci_high
from accuracy
order by model, dataset, language_a, language_b;
