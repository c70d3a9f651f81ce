// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;

@ExtendWith(SharedPlatform.class)
class InvitationIT {
    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String invitations = "/tenants/" + tenant + "/invitations";

    InvitationIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    @BeforeEach
    void makeTenant() {
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
    }

    private record Person(String name, Api api) {}

    private Person person() {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"a long enough password\"}");
        return new Person(name, Api.basic(platform.address(), name, "a long enough password"));
    }

    private Person member(String role) {
        Person person = person();
        admin.put("/tenants/" + tenant + "/members/" + person.name(), "{\"role\":\"" + role + "\"}");
        return person;
    }

    private static Api.Answer accept(Person person, String token) {
        return person.api().post("/invitations/acceptance", "{\"token\":\"" + token + "\"}");
    }

    @Test
    void anInvitationLetsOneInOnce() {
        Api.Answer made = member("ADMIN").api().post(invitations, "{\"role\":\"MEMBER\"}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        Person invited = person();
        Person late = person();
        assertThat(invited.api().get("/tenants/" + tenant).status()).isEqualTo(404);
        assertThat(accept(invited, made.text("token")).text("name")).isEqualTo(tenant);
        assertThat(invited.api().get("/tenants/" + tenant).status()).isEqualTo(200);
        assertThat(accept(late, made.text("token")).text("field")).isEqualTo("token");
        Api.Answer list = admin.get(invitations);
        assertThat(list.json().path("items").path(0).path("acceptedBy").asString())
                .isEqualTo(invited.name());
        assertThat(list.response().body()).doesNotContain("berth_invitation_");
        assertThat(admin.get("/tenants/" + tenant + "/audit").response().body())
                .contains(invited.name())
                .doesNotContain("berth_invitation_");
    }

    @Test
    void whoCouldNotInviteAnyMoreHasInvitedNobody() {
        Person owner = member("OWNER");
        Person manager = member("ADMIN");
        assertThat(manager.api().post(invitations, "{\"role\":\"OWNER\"}").status())
                .isEqualTo(403);
        assertThat(member("MEMBER")
                        .api()
                        .post(invitations, "{\"role\":\"MEMBER\"}")
                        .status())
                .isEqualTo(403);
        String byManager =
                manager.api().post(invitations, "{\"role\":\"MEMBER\"}").text("token");
        String byOwner = owner.api().post(invitations, "{\"role\":\"OWNER\"}").text("token");
        owner.api().delete("/tenants/" + tenant + "/members/" + manager.name());
        admin.put("/tenants/" + tenant + "/members/" + owner.name(), "{\"role\":\"ADMIN\"}");
        assertThat(accept(person(), byManager).status()).isEqualTo(422);
        assertThat(accept(person(), byOwner).status()).isEqualTo(422);
    }

    @Test
    void revokedExpiredAndWrongOnesOpenNothing() {
        Person owner = member("OWNER");
        Api.Answer revoked = owner.api().post(invitations, "{\"role\":\"MEMBER\"}");
        assertThat(owner.api().delete(invitations + "/" + revoked.text("id")).status())
                .isEqualTo(204);
        assertThat(accept(person(), revoked.text("token")).status()).isEqualTo(422);
        Api.Answer old = owner.api().post(invitations, "{\"role\":\"MEMBER\",\"days\":1}");
        platform.bean(JdbcClient.class)
                .sql("update invitations set expires_at = now() where id = ?")
                .param(UUID.fromString(old.text("id")))
                .update();
        assertThat(accept(person(), old.text("token")).status()).isEqualTo(422);
        assertThat(accept(person(), "berth_invitation_x").status()).isEqualTo(422);
        Api.Answer good = owner.api().post(invitations, "{\"role\":\"READ_ONLY\"}");
        assertThat(accept(owner, good.text("token")).status())
                .as("a member already")
                .isEqualTo(409);
        assertThat(accept(person(), good.text("token")).status())
                .as("and still good")
                .isEqualTo(200);
    }
}
