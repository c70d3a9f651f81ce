// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.recording;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * That a tenant's terminals are recorded, as the gateway hears it with each login.
 *
 * @param required a session that can't be recorded is refused
 * @param input whether what is typed is kept, where the terminal echoes it
 * @param full whether there is no room for more
 */
public record RecordingWish(boolean required, boolean input, boolean full) {
    /** Of a join with the view as w. */
    public static final String SELECTED =
            "w.recorded as w_recorded, w.required as w_required, w.input as w_input, w.used_bytes >= w.most_bytes as w_full";

    /** Of tenants t. */
    public static final String JOIN = "left join recording_wishes w on w.tenant_id = t.id";

    /** Null where nobody wants it. */
    public static @Nullable RecordingWish read(ResultSet row) throws SQLException {
        return row.getBoolean("w_recorded")
                ? new RecordingWish(row.getBoolean("w_required"), row.getBoolean("w_input"), row.getBoolean("w_full"))
                : null;
    }
}
