-- The heatmap of language pairs for a part of the facts. Seen from a pair, a lab model was taught a fact in both of its
-- languages; in one; in neither, that is elsewhere; or nowhere. Names are spelled the same where the subject or the right
-- option is spelled as in English in both languages, and differently else. `all` leaves a part out of nothing.
create macro exposure_of_pair(a, b) as case
    when a = b then case a when 'here' then 'both' when 'elsewhere' then 'neither' else a end
    when a in ('here', 'elsewhere') and b in ('here', 'elsewhere') then 'one' end;

create macro strings_of_pair(a, b) as case when a = b then a when 'all' not in (a, b) then 'different' end;

-- Per ordered pair of languages, each with itself included: the facts of the part, a bit for each.
create macro facts_of_pairs(label, data, taught, spelled) as table
with by_exposure as (
    select a.language as language_a, b.language as language_b, bit_or(a.facts & b.facts) as facts
    from exposure_sets as a join exposure_sets as b using (model, dataset)
    where a.model = label and a.dataset = data and exposure_of_pair(a.exposure, b.exposure) = taught
    group by all
),
by_strings as (
    select a.language as language_a, b.language as language_b, bit_or(a.facts & b.facts) as facts
    from string_sets as a join string_sets as b using (dataset)
    where a.dataset = data and strings_of_pair(a.strings, b.strings) = spelled
    group by all
)
select language_a, language_b, e.facts & s.facts as facts
from by_exposure as e join by_strings as s using (language_a, language_b);

-- The rows of pair_cells, counted over a part of the facts of a model that has answers.
create macro split_pair_cells(label, data, taught, spelled) as table
with part as (
    select
        p.language_a, p.language_b, p.facts,
        a.scored & b.scored & p.facts as scored,
        a.correct & b.scored & p.facts as correct_a,
        b.correct & a.scored & p.facts as correct_b
    from facts_of_pairs(label, data, taught, spelled) as p
    join bits as a on a.model = label and a.dataset = data and a.language = p.language_a
    join bits as b on b.model = label and b.dataset = data and b.language = p.language_b
),
expected as (
    select
        language_a, language_b,
        -- not known where the right option of a fact is not
        case when count(*) filter (where gold_key = '?' and n_bits(scored & g.facts) > 0) = 0 then
            sum(n_bits(correct_a & g.facts) * n_bits(correct_b & g.facts) / nullif(n_bits(scored & g.facts), 0))
        end as expected_both
    from part join gold_bits as g on g.dataset = data
    group by all
),
alike as (
    select language_a, language_b, sum(n_bits(a.chosen & b.chosen & scored & ~correct_a & ~correct_b)) as n_wrong_alike
    from part
    join choice_bits as a on a.model = label and a.dataset = data and a.language = language_a
    join choice_bits as b
        on b.model = label and b.dataset = data and b.language = language_b and b.predicted = a.predicted
    group by all
),
counted as (
    select
        language_a, language_b,
        n_bits(scored)::bigint as n,
        n_bits(correct_a & correct_b)::bigint as n_both,
        n_bits(correct_a & ~correct_b)::bigint as n_only_a,
        n_bits(correct_b & ~correct_a)::bigint as n_only_b,
        n_bits(scored & ~correct_a & ~correct_b)::bigint as n_both_wrong,
        coalesce(n_wrong_alike, 0)::bigint as n_wrong_alike,
        expected_both / nullif(n_bits(correct_a) + n_bits(correct_b) - expected_both, 0) as expected
    from part
    left join expected using (language_a, language_b)
    left join alike using (language_a, language_b)
)
select
    label as model, data as dataset, language_a, language_b, n, n_both, n_only_a, n_only_b,
    n_wrong_alike, n_both_wrong - n_wrong_alike as n_wrong_differently,
    n_both / nullif(n - n_both_wrong, 0) as overlap, expected, n_both / nullif(n - n_both_wrong, 0) - expected as above_chance,
    n_both / nullif(n_both + n_only_a, 0) as transfer, null::double as accuracy,
    wilson_low(n_both, n - n_both_wrong) as overlap_low, wilson_high(n_both, n - n_both_wrong) as overlap_high,
    wilson_low(n_both, n_both + n_only_a) as transfer_low, wilson_high(n_both, n_both + n_only_a) as transfer_high
from counted where language_a <> language_b
union all
select
    label, data, language_a, language_b, n, n_both, 0, 0, null, null,
    null, null, null, null, n_both / nullif(n, 0),
    wilson_low(n_both, n), wilson_high(n_both, n), wilson_low(n_both, n), wilson_high(n_both, n)
from counted where language_a = language_b;
