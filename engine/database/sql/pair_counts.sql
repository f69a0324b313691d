-- What two languages share, language_a before language_b, counted over the facts measured in both: one bit per fact, those
-- measured in both languages, and of these those right in a and right in b.
create view pairs as
select
    a.model, a.dataset, a.language as language_a, b.language as language_b,
    a.scored & b.scored as scored,
    a.correct & b.scored as correct_a,
    b.correct & a.scored as correct_b
from bits as a join bits as b on a.model = b.model and a.dataset = b.dataset and a.language < b.language;

-- The counts of `pairs`: of all facts, or, where a query gives another table that name, of a part (pair_parts.sql).
-- `n_same`: the same valid option in both, right or wrong. `expected_both`: facts expected right in both by a null that
-- keeps each language's accuracy per gold option: sum over gold options g of p_g * q_g / n_g.
create macro counted_pairs() as table
with shared as (
    from pairs where language_a < language_b
),
expected as (
    select
        model, dataset, language_a, language_b,
        -- not known where the right option of a fact is not
        case when count(*) filter (where gold_key = '?' and n_bits(scored & facts) > 0) = 0 then
            sum(n_bits(correct_a & facts) * n_bits(correct_b & facts) / nullif(n_bits(scored & facts), 0))
        end as expected_both
    from shared join gold_bits using (dataset)
    group by all
),
alike as (
    select
        p.model, p.dataset, language_a, language_b,
        sum(n_bits(a.chosen & b.chosen & scored)) as n_same,
        sum(n_bits(a.chosen & b.chosen & scored & ~correct_a & ~correct_b)) as n_wrong_alike
    from shared as p
    join choice_bits as a on a.model = p.model and a.dataset = p.dataset and a.language = p.language_a
    join choice_bits as b
        on b.model = p.model and b.dataset = p.dataset and b.language = p.language_b and b.predicted = a.predicted
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
    from shared
)
select
    model, dataset, language_a, language_b, n, n_both_right, n_only_a, n_only_b,
    coalesce(n_wrong_alike, 0)::bigint as n_wrong_alike,
    (n_both_wrong - coalesce(n_wrong_alike, 0))::bigint as n_wrong_differently,
    coalesce(n_same, 0)::bigint as n_same,
    expected_both::double as expected_both
from counted
join expected using (model, dataset, language_a, language_b)
left join alike using (model, dataset, language_a, language_b);

create table pair_counts as
with published_expected as (
    select
        a.model, a.dataset, a.language as language_a, b.language as language_b,
        sum(a.n_correct * b.n_correct / nullif(a.n, 0)) as expected_both
    from accuracy_counts as a
    join accuracy_counts as b
        on a.model = b.model and a.dataset = b.dataset and a.gold_key = b.gold_key and a.language < b.language
    join figure_sources as s on s.model = a.model and s.dataset = a.dataset and s.source <> 'results'
    group by all
)
from counted_pairs()
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
