// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.access.AccessRules;
import io.berth.core.access.Endpoint;
import io.berth.core.access.ForwardingRules;
import io.berth.core.access.Sources;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A key's rules as columns of ssh_keys. */
public final class RuleColumns {
    /** For a select; {@code k} is ssh_keys. */
    public static final String SELECTED = """
            k.from_sources, k.expires_at, k.forced_command, k.pty, k.port_forwarding, k.agent_forwarding, k.x11_forwarding,
            k.permit_open, k.permit_listen, k.touch_required, k.verify_required""";

    static final String NAMES = SELECTED.replace("k.", "");
    static final String PARAMETERS = """
            :from_sources, :expires_at, :forced_command, :pty, :port_forwarding, :agent_forwarding, :x11_forwarding,
            :permit_open, :permit_listen, :touch_required, :verify_required""";

    private RuleColumns() {}

    public static AccessRules read(ResultSet row) throws SQLException {
        OffsetDateTime expiresAt = row.getObject("expires_at", OffsetDateTime.class);
        return new AccessRules(
                Sources.of(texts(row, "from_sources")),
                expiresAt == null ? null : expiresAt.toInstant(),
                row.getString("forced_command"),
                row.getBoolean("pty"),
                row.getBoolean("touch_required"),
                row.getBoolean("verify_required"),
                new ForwardingRules(
                        row.getBoolean("port_forwarding"),
                        row.getBoolean("agent_forwarding"),
                        row.getBoolean("x11_forwarding"),
                        endpoints(row, "permit_open"),
                        endpoints(row, "permit_listen")));
    }

    static Map<String, Object> parameters(AccessRules rules) {
        ForwardingRules forwarding = rules.forwarding();
        Map<String, Object> values = new HashMap<>();
        values.put("from_sources", rules.from().texts().toArray(String[]::new));
        values.put(
                "expires_at",
                rules.expiresAt() == null ? null : rules.expiresAt().atOffset(ZoneOffset.UTC));
        values.put("forced_command", rules.forcedCommand());
        values.put("pty", rules.pty());
        values.put("port_forwarding", forwarding.ports());
        values.put("agent_forwarding", forwarding.agent());
        values.put("x11_forwarding", forwarding.x11());
        values.put("permit_open", texts(forwarding.open()));
        values.put("permit_listen", texts(forwarding.listen()));
        values.put("touch_required", rules.touch());
        values.put("verify_required", rules.pin());
        return values;
    }

    private static String[] texts(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::toString).toArray(String[]::new);
    }

    private static List<Endpoint> endpoints(ResultSet row, String column) throws SQLException {
        return texts(row, column).stream().map(Endpoint::parse).toList();
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }
}
