-- Language pairs over a part of the facts. Seen from a pair, a lab model was taught a fact in both of its
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

-- A part of the facts of a model that has answers, in the form of the view `pairs`; here each language is a pair with
-- itself, too.
create macro pairs_of_part(label, data, taught, spelled) as table
select
    label as model, data as dataset, p.language_a, p.language_b,
    a.scored & b.scored & p.facts as scored,
    a.correct & b.scored & p.facts as correct_a,
    b.correct & a.scored & p.facts as correct_b
from facts_of_pairs(label, data, taught, spelled) as p
join bits as a on a.model = label and a.dataset = data and a.language = p.language_a
join bits as b on b.model = label and b.dataset = data and b.language = p.language_b
where p.language_a <= p.language_b;

-- What `pairs` counts of each language, in the form of the table accuracy_counts, without its right options.
create macro counted_languages() as table
select
    model, dataset, language_a as language, '' as gold_key, n_bits(scored) as n, n_bits(correct_a) as n_correct,
    0 as n_unparsed, 0 as n_missing
from pairs where language_a = language_b;
