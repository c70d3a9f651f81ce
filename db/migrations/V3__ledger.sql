-- SPDX-License-Identifier: Apache-2.0
-- A range of uids stays its last container's until its quarantine is over. containers_uids_never_overlap says that no two
-- containers that exist share a uid; this says the same of one that exists and one that was deleted a moment ago.

alter table containers add column uids_held tstzrange; -- from when the node reported the range to the end of its quarantine

update containers
set uids_held = case when deleted_at is null then tstzrange(now(), null) else 'empty'::tstzrange end
where uid_base is not null;

alter table containers
    add constraint containers_uids_are_held_for_some_time check ((uid_base is null) = (uids_held is null)),
    add constraint containers_uids_rest_between_two_owners exclude using gist (
        int8range((node_number::bigint << 32) + uid_base, (node_number::bigint << 32) + uid_base + 65536) with &&,
        uids_held with &&
    ) where (uid_base is not null);
