"""The pair matrix of one model, formulated twice over the same answers. `$model`, `$dataset` and `$last` are bound."""

# As in the store's bits.sql and pair_counts.sql, in one query: bit strings of what was measured and of what was right.
BIT_STRINGS = """
    with bits as (
        select
            language,
            coalesce(bitstring_agg(fact_ix, 0, $last) filter (where correct is not null), bitstring('0', $last + 1))
                as scored,
            coalesce(bitstring_agg(fact_ix, 0, $last) filter (where correct), bitstring('0', $last + 1)) as correct
        from answers where model = $model and dataset = $dataset group by language
    ),
    pairs as (
        select
            a.language as language_a, b.language as language_b,
            a.scored & b.scored as scored, a.correct & b.scored as correct_a, b.correct & a.scored as correct_b
        from bits as a join bits as b on a.language < b.language
    )
    select
        language_a::varchar as language_a, language_b::varchar as language_b,
        bit_count(scored)::bigint as n, bit_count(correct_a & correct_b)::bigint as n_both,
        bit_count(correct_a & ~correct_b)::bigint as n_only_a, bit_count(correct_b & ~correct_a)::bigint as n_only_b
    from pairs order by all
"""

# The same counts from the answers joined with themselves, each pair of languages once.
SELF_JOIN = """
    select
        a.language::varchar as language_a, b.language::varchar as language_b,
        count(*) as n, count(*) filter (where a.correct and b.correct) as n_both,
        count(*) filter (where a.correct and not b.correct) as n_only_a,
        count(*) filter (where b.correct and not a.correct) as n_only_b
    from answers as a join answers as b using (fact_ix)
    where a.model = $model and b.model = $model and a.dataset = $dataset and b.dataset = $dataset
        and a.language < b.language and a.correct is not null and b.correct is not null
    group by a.language, b.language order by all
"""

# All that the store counts for a pair, from the answers joined with themselves and with the facts.
FULL_SELF_JOIN = """
    with joined as (
        select
            a.language as language_a, b.language as language_b, a.fact_ix, gold_key,
            a.correct as correct_a, b.correct as correct_b, a.predicted = b.predicted as is_same
        from answers as a join answers as b using (fact_ix) join facts as f using (fact_ix)
        where a.model = $model and b.model = $model and a.dataset = $dataset and b.dataset = $dataset
            and f.dataset = $dataset and a.language < b.language and a.correct is not null and b.correct is not null
    ),
    by_gold as (
        select
            language_a, language_b, count(*) as n,
            count(*) filter (where correct_a) as right_a, count(*) filter (where correct_b) as right_b,
            count(*) filter (where correct_a and correct_b) as n_both_right,
            count(*) filter (where not correct_a and not correct_b and is_same) as n_wrong_alike,
            count(*) filter (where is_same) as n_same
        from joined group by language_a, language_b, gold_key
    )
    select
        language_a::varchar as language_a, language_b::varchar as language_b, sum(n)::bigint as n,
        sum(n_both_right)::bigint as n_both_right, sum(n_wrong_alike)::bigint as n_wrong_alike,
        sum(n_same)::bigint as n_same, round(sum(right_a * right_b / n), 6) as expected_both
    from by_gold group by language_a, language_b order by all
"""

# The same columns out of the store's pair_counts.
PRE_AGGREGATED = """
    select
        language_a::varchar as language_a, language_b::varchar as language_b, n::bigint as n,
        n_both_right::bigint as n_both_right, n_wrong_alike::bigint as n_wrong_alike, n_same::bigint as n_same,
        round(expected_both, 6) as expected_both
    from pair_counts where model = $model and dataset = $dataset order by all
"""
