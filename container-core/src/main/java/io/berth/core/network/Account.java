// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;

/** Whom dnsmasq becomes once it has its sockets: a user of its own where the host has one. */
record Account(String user, GroupPrincipal group) {
    private static final List<String> USERS = List.of("berth-dnsmasq", "nobody");
    private static final List<String> GROUPS = List.of("berth-dnsmasq", "nogroup", "nobody");

    static Account find() {
        String user = USERS.stream()
                .filter(Account::isUser)
                .findFirst()
                .orElseThrow(() -> new NetworkException(
                        "this host has none of the users " + USERS + "; add one: useradd -r berth-dnsmasq"));
        GroupPrincipal group = GROUPS.stream()
                .flatMap(name -> group(name).stream())
                .findFirst()
                .orElseThrow(() -> new NetworkException(
                        "this host has none of the groups " + GROUPS + "; add one: groupadd -r berth-dnsmasq"));
        return new Account(user, group);
    }

    private static boolean isUser(String name) {
        try {
            FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
            return true;
        } catch (UserPrincipalNotFoundException e) {
            return false;
        } catch (IOException e) {
            throw new NetworkException("looking up user " + name + ": " + e.getMessage(), e);
        }
    }

    private static Optional<GroupPrincipal> group(String name) {
        try {
            return Optional.of(
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(name));
        } catch (UserPrincipalNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new NetworkException("looking up group " + name + ": " + e.getMessage(), e);
        }
    }
}
