// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.billing;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Whom invoices are from and to, and what tax the latter owe. */
@Component
class Parties {
    private final JdbcClient jdbc;
    private final JsonMapper json;

    Parties(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Party issuer() {
        return jdbc.sql("select party from billing_issuer")
                .query((row, number) -> json.readValue(row.getString("party"), Party.class))
                .optional()
                .orElse(Party.unnamed("the operator of this platform"));
    }

    Party setIssuer(Party party) {
        jdbc.sql("""
                        insert into billing_issuer (party) values (cast(:party as jsonb))
                        on conflict (one) do update set party = excluded.party
                        """).param("party", json.writeValueAsString(party)).update();
        return party;
    }

    Party customer(Payer tenant) {
        return jdbc.sql("select party from billing_profiles where tenant_id = :tenant")
                .param("tenant", tenant.id())
                .query((row, number) -> json.readValue(row.getString("party"), Party.class))
                .optional()
                .orElse(Party.unnamed(tenant.name()));
    }

    Party setCustomer(Payer tenant, Party party) {
        jdbc.sql("""
                        insert into billing_profiles (tenant_id, party) values (:tenant, cast(:party as jsonb))
                        on conflict (tenant_id) do update set party = excluded.party
                        """)
                .param("tenant", tenant.id())
                .param("party", json.writeValueAsString(party))
                .update();
        return party;
    }

    Tax tax(UUID tenant) {
        return jdbc.sql("select name, basis_points from tenant_taxes where tenant_id = :tenant")
                .param("tenant", tenant)
                .query((row, number) -> new Tax(row.getString("name"), row.getInt("basis_points")))
                .optional()
                .orElse(Tax.NONE);
    }

    Tax setTax(UUID tenant, Tax tax) {
        jdbc.sql("""
                        insert into tenant_taxes (tenant_id, name, basis_points) values (:tenant, :name, :points)
                        on conflict (tenant_id) do update set name = excluded.name, basis_points = excluded.basis_points
                        """)
                .param("tenant", tenant)
                .param("name", tax.name())
                .param("points", tax.basisPoints())
                .update();
        return tax;
    }
}
