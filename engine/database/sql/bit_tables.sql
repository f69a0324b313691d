create table bits (model model_id, dataset dataset_id, language language_id, scored bit, correct bit);
create table choice_bits (model model_id, dataset dataset_id, language language_id, predicted smallint, chosen bit);
create table gold_bits (dataset dataset_id, gold_key varchar, facts bit);
create table exposure_sets (model model_id, dataset dataset_id, language language_id, exposure varchar, facts bit);
create table string_sets (dataset dataset_id, language language_id, strings varchar, facts bit);
