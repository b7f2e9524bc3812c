"""The functions that read: of PostgreSQL 15 and MySQL 8, from the chapters on functions in their manuals."""

from oncall_tui.runbook.classify.names import names

READING = names(
    """
    abs ceil ceiling floor round trunc mod power sqrt exp ln log sign greatest least div pi random width_bucket
    count sum avg min max bool_and bool_or every array_agg string_agg json_agg jsonb_agg json_object_agg
    jsonb_object_agg stddev stddev_pop stddev_samp variance var_pop var_samp percentile_cont percentile_disc
    mode corr regr_slope row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value
    nth_value grouping coalesce nullif concat concat_ws length char_length character_length octet_length
    bit_length lower upper initcap trim btrim ltrim rtrim lpad rpad left right repeat replace reverse split_part
    substr substring position strpos overlay translate ascii chr md5 sha256 encode decode format quote_ident
    quote_literal quote_nullable starts_with to_hex regexp_replace regexp_match regexp_matches
    regexp_split_to_table regexp_split_to_array regexp_count regexp_substr string_to_array array_to_string
    string_to_table unnest array_length array_upper array_lower array_position array_append array_cat
    array_remove cardinality now age date_part date_trunc date_bin extract clock_timestamp statement_timestamp
    transaction_timestamp timeofday current_timestamp current_time localtimestamp localtime make_interval
    make_date make_time make_timestamp to_char to_date to_timestamp to_number justify_hours justify_days
    justify_interval isfinite timezone generate_series generate_subscripts row_to_json to_json to_jsonb
    json_build_object jsonb_build_object json_build_array jsonb_build_array json_array_length jsonb_array_length
    json_array_elements jsonb_array_elements json_array_elements_text jsonb_array_elements_text json_each
    jsonb_each json_each_text jsonb_each_text json_extract_path jsonb_extract_path json_extract_path_text
    jsonb_extract_path_text json_object_keys jsonb_object_keys jsonb_pretty json_typeof jsonb_typeof
    jsonb_path_query jsonb_path_exists json_strip_nulls jsonb_strip_nulls host family masklen network
    inet_client_addr inet_server_addr inet_client_port inet_server_port current_setting current_database
    current_schema current_schemas current_user session_user version has_table_privilege has_database_privilege
    has_schema_privilege has_column_privilege has_function_privilege has_sequence_privilege
    has_any_column_privilege pg_has_role obj_description col_description shobj_description to_regclass
    to_regtype to_regproc to_regrole to_regnamespace format_type pg_backend_pid pg_blocking_pids
    pg_safe_snapshot_blocking_pids pg_is_in_recovery pg_is_wal_replay_paused pg_last_wal_receive_lsn
    pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_current_wal_lsn pg_current_wal_insert_lsn
    pg_current_wal_flush_lsn pg_wal_lsn_diff pg_walfile_name pg_postmaster_start_time pg_conf_load_time
    pg_size_pretty pg_size_bytes pg_database_size pg_relation_size pg_total_relation_size pg_table_size
    pg_indexes_size pg_tablespace_size pg_column_size pg_relation_filepath pg_typeof pg_encoding_to_char
    pg_table_is_visible pg_type_is_visible pg_get_indexdef pg_get_constraintdef pg_get_viewdef
    pg_get_functiondef pg_get_expr pg_get_userbyid pg_get_serial_sequence pg_get_triggerdef pg_get_keywords
    pg_stat_get_activity pg_stat_get_snapshot_timestamp pg_stat_get_backend_pid pg_lock_status
    pg_show_all_settings pg_options_to_table pg_tablespace_location pg_tablespace_databases
    pg_current_xact_id_if_assigned pg_current_snapshot pg_trigger_depth pg_my_temp_schema
    pg_is_other_temp_schema pg_jit_available pg_get_partkeydef pg_partition_root pg_partition_tree
    age_in_transactions mxid_age txid_current_if_assigned
    """
)
"""PostgreSQL. Not on it, among others: what signals, locks, sets, reads files, sleeps or runs text as SQL
(``pg_cancel_backend``, ``pg_advisory_lock``, ``set_config``, ``nextval``, ``pg_read_file``, ``pg_sleep``,
``query_to_xml``, ``dblink``, ``lo_import``, ``pg_stat_reset``)."""

READING_MYSQL = READING | names(
    """
    ifnull isnull if date_format date_add date_sub datediff timestampdiff timestampadd time_to_sec sec_to_time
    unix_timestamp from_unixtime curdate curtime sysdate utc_timestamp hour minute second day month year week
    dayname group_concat database schema user connection_id found_rows substring_index locate instr field
    find_in_set hex unhex inet_ntoa inet_aton json_extract json_unquote json_length json_keys json_contains
    truncate conv strcmp char format_bytes
    """
)
READING_MYSQL -= frozenset({"encode", "decode", "translate", "generate_series"})

DESTROYING = frozenset({"pg_terminate_backend", "pg_drop_replication_slot", "lo_unlink", "pg_replication_origin_drop"})
"""Connections or data are lost."""

BEFORE_PARENTHESIS = names(
    """
    in exists values and or not any all some as on using group case when then else select from where lateral row array
    cast between like ilike similar limit offset union except intersect distinct having with interval numeric decimal
    varchar char character varying timestamp timestamptz time timetz bit join float
    """
)
"""Words that a parenthesis may follow without a call: no function can have their names without quotes."""

ONLY_BEHIND = {
    "filter": (")",),
    "over": (")",),
    "by": ("group", "order", "partition"),
    "sets": ("grouping",),
    "rollup": ("by", ","),
    "cube": ("by", ","),
    "materialized": ("as", "not"),
    "first": ("fetch",),
    "next": ("fetch",),
}
"""Words that could be functions too, and the tokens behind which they are none."""
