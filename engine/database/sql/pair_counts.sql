-- What two languages share, language_a before language_b, counted over the facts measured in both.
-- `n_same`: the same valid option in both, right or wrong. `expected_both`: facts expected right in both by a null that
-- keeps each language's accuracy per gold option: sum over gold options g of p_g * q_g / n_g.
create table pair_counts as
with pairs as (
    select
        a.model, a.dataset, a.language as language_a, b.language as language_b,
        a.scored & b.scored as scored,
        a.correct & b.scored as correct_a,
        b.correct & a.scored as correct_b
    from bits as a join bits as b on a.model = b.model and a.dataset = b.dataset and a.language < b.language
),
expected as (
    select
        model, dataset, language_a, language_b,
        -- not known where the right option of a fact is not
        case when count(*) filter (where gold_key = '?' and n_bits(scored & facts) > 0) = 0 then
            sum(n_bits(correct_a & facts) * n_bits(correct_b & facts) / nullif(n_bits(scored & facts), 0))
        end as expected_both
    from pairs join gold_bits using (dataset)
    group by all
),
alike as (
    select
        a.model, a.dataset, a.language as language_a, b.language as language_b,
        sum(n_bits(a.chosen & b.chosen)) as n_same,
        sum(n_bits(a.chosen & b.chosen & ~r.correct & ~s.correct)) as n_wrong_alike
    from choice_bits as a
    join choice_bits as b
        on a.model = b.model and a.dataset = b.dataset and a.predicted = b.predicted and a.language < b.language
    join bits as r on r.model = a.model and r.dataset = a.dataset and r.language = a.language
    join bits as s on s.model = b.model and s.dataset = b.dataset and s.language = b.language
    group by all
),
counted as (
    select
        model, dataset, language_a, language_b,
        n_bits(scored)::bigint as n,
        n_bits(correct_a & correct_b)::bigint as n_both_right,
        n_bits(correct_a & ~correct_b)::bigint as n_only_a,
        n_bits(correct_b & ~correct_a)::bigint as n_only_b,
        n_bits(scored & ~correct_a & ~correct_b)::bigint as n_both_wrong
    from pairs
),
published_expected as (
    select
        a.model, a.dataset, a.language as language_a, b.language as language_b,
        sum(a.n_correct * b.n_correct / nullif(a.n, 0)) as expected_both
    from accuracy_counts as a
    join accuracy_counts as b
        on a.model = b.model and a.dataset = b.dataset and a.gold_key = b.gold_key and a.language < b.language
    join figure_sources as s on s.model = a.model and s.dataset = a.dataset and s.source <> 'results'
    group by all
)
select
    model, dataset, language_a, language_b, n, n_both_right, n_only_a, n_only_b,
    coalesce(n_wrong_alike, 0)::bigint as n_wrong_alike,
    (n_both_wrong - coalesce(n_wrong_alike, 0))::bigint as n_wrong_differently,
    coalesce(n_same, 0)::bigint as n_same,
    expected_both::double as expected_both
from counted
join expected using (model, dataset, language_a, language_b)
left join alike using (model, dataset, language_a, language_b)
union all
select
    s.model, p.dataset::dataset_id, p.language_a::language_id, p.language_b::language_id,
    p.n, p.n_both_right, p.n_only_a, p.n_only_b, p.n_wrong_alike, p.n_wrong_differently,
    p.n_both_right + p.n_wrong_alike,
    e.expected_both
from published_pairs as p
join published_labels as l on l.source = p.source and l.model = p.model
join figure_sources as s on s.model = l.label::model_id and s.dataset = p.dataset::dataset_id and s.source = p.source
join published_expected as e
    on e.model = s.model and e.dataset = p.dataset::dataset_id
    and e.language_a = p.language_a::language_id and e.language_b = p.language_b::language_id;
