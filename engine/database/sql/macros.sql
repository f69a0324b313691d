-- The bits that are set, in 64 bits: a product of two counts does not fit into 32.
create macro n_bits(b) as bit_count(b)::bigint;

-- Wilson score interval of k successes in n trials, 95 % (Wilson 1927); NULL when n is 0.
create macro wilson_low(k, n) as case when n > 0 then
    greatest(0, (k + 1.9207294103470620) / (n + 3.8414588206941240)
        - 1.9599639845400540 * sqrt(k::double * (n - k) / n::double + 0.9603647051735310) / (n + 3.8414588206941240)) end;

create macro wilson_high(k, n) as case when n > 0 then
    least(1, (k + 1.9207294103470620) / (n + 3.8414588206941240)
        + 1.9599639845400540 * sqrt(k::double * (n - k) / n::double + 0.9603647051735310) / (n + 3.8414588206941240)) end;

-- A share of right answers with what guessing gives taken away: 0 at the guesses' own share, 1 where all is right; NULL
-- where guessing is always right (Abbott 1925, the correction for guessing).
create macro beyond_guessing(share, guess) as (share - guess) / nullif(1 - guess, 0);

-- Of the pairs of n languages, the share of which one has a fact right and the other wrong, where n_right have it right; NULL
-- for a single language.
create macro disagreement_of(n_right, n) as n_right * (n - n_right) / nullif(n * (n - 1) / 2, 0);

-- Interval, 95 %, of the ratio of two independent shares k1/n1 and k2/n2, from their Wilson intervals (MOVER-R: Donner and
-- Zou 2012; Newcombe 2016). It leaves out 1 exactly where Newcombe's interval of the difference leaves out 0. NULL where
-- a share is missing or the second is 0.
create macro _mover(product, spread) as sqrt(greatest(0, product * product - spread));

create macro ratio_low(k1, n1, k2, n2) as case when k2 > 0 and n1 > 0 then
    case when k1 = 0 then 0 else
        wilson_low(k1, n1) * (2 * k1 / n1 - wilson_low(k1, n1)) / (k1 / n1 * k2 / n2 + _mover(k1 / n1 * k2 / n2,
            wilson_low(k1, n1) * wilson_high(k2, n2) * (2 * k1 / n1 - wilson_low(k1, n1))
            * (2 * k2 / n2 - wilson_high(k2, n2)))) end end;

create macro ratio_high(k1, n1, k2, n2) as case when k2 > 0 and n1 > 0 then
    (k1 / n1 * k2 / n2 + _mover(k1 / n1 * k2 / n2,
        wilson_high(k1, n1) * wilson_low(k2, n2) * (2 * k1 / n1 - wilson_high(k1, n1))
        * (2 * k2 / n2 - wilson_low(k2, n2)))) / (wilson_low(k2, n2) * (2 * k2 / n2 - wilson_low(k2, n2))) end;

-- Text as the search compares it: lower case, without accents or vowel points.
create macro folded(txt) as strip_accents(lower(txt));

-- Text as its words, with a blank before and after each, so that one text is found in another by whole words only.
create macro in_words(txt) as concat(' ', trim(regexp_replace(folded(txt), '[^\p{L}\p{N}]+', ' ', 'g')), ' ');
