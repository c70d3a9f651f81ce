// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static io.berth.core.network.NetlinkMessage.NLM_F_ACK;
import static io.berth.core.network.NetlinkMessage.NLM_F_CREATE;
import static io.berth.core.network.NetlinkMessage.NLM_F_DUMP;

import io.berth.core.linux.Errno;
import io.berth.core.linux.SyscallException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Elements of the instance's sets, added and removed over netlink: running nft for one would take longer than the whole connection
 * of a container. Numbers from include/uapi/linux/netfilter/{nfnetlink,nf_tables}.h.
 */
final class Nftables {
    private static final int NFNL_MSG_BATCH_BEGIN = 0x10;
    private static final int NFNL_MSG_BATCH_END = 0x11;
    private static final int NFNL_SUBSYS_NFTABLES = 10;
    private static final int NFT_MSG_NEWSETELEM = 12;
    private static final int NFT_MSG_GETSETELEM = 13;
    private static final int NFT_MSG_DELSETELEM = 14;
    private static final int NFPROTO_UNSPEC = 0;
    private static final int NFTA_SET_ELEM_LIST_TABLE = 1;
    private static final int NFTA_SET_ELEM_LIST_SET = 2;
    private static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    private static final int NFTA_LIST_ELEM = 1;
    private static final int NFTA_SET_ELEM_KEY = 1;
    private static final int NFTA_SET_ELEM_DATA = 2;
    private static final int NFTA_DATA_VALUE = 1;
    private static final int NFGENMSG_LENGTH = 4;

    private final String table;

    Nftables(String table) {
        this.table = table;
    }

    /** Adds all or none; what is there already is fine. */
    void add(Collection<SetElement> elements) {
        if (elements.isEmpty()) {
            return;
        }
        execute(elements.stream().map(this::addition).toList());
    }

    /** Removes each; what is gone already is fine. */
    void remove(Collection<SetElement> elements) {
        change(elements, List.of());
    }

    /**
     * Removes some and adds others, all at once: the kernel waits for a grace period with each transaction, which is 20 ms on a busy
     * machine. What is gone, or there, already is fine.
     */
    void change(Collection<SetElement> gone, Collection<SetElement> added) {
        if (gone.isEmpty()) {
            add(added);
            return;
        }
        try {
            execute(Stream.concat(
                            gone.stream().map(this::removal), added.stream().map(this::addition))
                    .toList());
        } catch (SyscallException e) {
            ignoreMissing(e);
            gone.forEach(this::removeOne); // a missing one has kept the others in
            add(added);
        }
    }

    private void removeOne(SetElement element) {
        try {
            execute(List.of(removal(element)));
        } catch (SyscallException e) {
            ignoreMissing(e);
        }
    }

    private static void ignoreMissing(SyscallException e) {
        if (e.errno() != Errno.ENOENT) {
            throw e;
        }
    }

    private NetlinkMessage addition(SetElement element) {
        return message("NFT_MSG_NEWSETELEM", NFT_MSG_NEWSETELEM, NLM_F_CREATE, element);
    }

    private NetlinkMessage removal(SetElement element) {
        return message("NFT_MSG_DELSETELEM", NFT_MSG_DELSETELEM, 0, element);
    }

    /** The keys of all elements of a set, as the kernel has them now. */
    List<byte[]> keys(NftSet set) {
        var message = new NetlinkMessage(
                "NFT_MSG_GETSETELEM(" + table + " " + set + ")",
                (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETSETELEM,
                NLM_F_DUMP);
        nfgenmsg(message, set.family().number(), 0)
                .text(NFTA_SET_ELEM_LIST_TABLE, table)
                .text(NFTA_SET_ELEM_LIST_SET, set.toString());
        try (Netlink netlink = Netlink.netfilter()) {
            return netlink.dump(message).stream()
                    .flatMap(reply -> reply.attributes(NFGENMSG_LENGTH).bytes(NFTA_SET_ELEM_LIST_ELEMENTS).stream())
                    .flatMap(elements -> Attributes.list(elements).stream())
                    .flatMap(element -> Attributes.of(element).nested(NFTA_SET_ELEM_KEY).stream())
                    .flatMap(key -> key.bytes(NFTA_DATA_VALUE).stream())
                    .toList();
        }
    }

    static List<NetlinkMessage> batch(List<NetlinkMessage> messages) {
        List<NetlinkMessage> batch = new ArrayList<>();
        batch.add(nfgenmsg(
                new NetlinkMessage("NFNL_MSG_BATCH_BEGIN", NFNL_MSG_BATCH_BEGIN, 0),
                NFPROTO_UNSPEC,
                NFNL_SUBSYS_NFTABLES));
        batch.addAll(messages);
        batch.add(nfgenmsg(
                new NetlinkMessage("NFNL_MSG_BATCH_END", NFNL_MSG_BATCH_END, 0), NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES));
        return batch;
    }

    NetlinkMessage message(String call, int type, int flags, SetElement element) {
        var message = new NetlinkMessage(
                call + "(" + table + " " + element.set() + " { " + element.text() + " })",
                (NFNL_SUBSYS_NFTABLES << 8) | type,
                flags | NLM_F_ACK);
        return nfgenmsg(message, element.set().family().number(), 0)
                .text(NFTA_SET_ELEM_LIST_TABLE, table)
                .text(NFTA_SET_ELEM_LIST_SET, element.set().toString())
                .nested(NFTA_SET_ELEM_LIST_ELEMENTS, list -> list.nested(NFTA_LIST_ELEM, item -> fill(item, element)));
    }

    private static void fill(NetlinkMessage item, SetElement element) {
        item.nested(NFTA_SET_ELEM_KEY, key -> key.attribute(NFTA_DATA_VALUE, element.bytes()));
        if (element.value().hasRemaining()) {
            item.nested(NFTA_SET_ELEM_DATA, value -> value.attribute(NFTA_DATA_VALUE, element.valueBytes()));
        }
    }

    private static void execute(List<NetlinkMessage> messages) {
        try (Netlink netlink = Netlink.netfilter()) {
            netlink.execute(batch(messages));
        }
    }

    /** struct nfgenmsg; its res_id, unlike the rest of netlink, is in network order. */
    private static NetlinkMessage nfgenmsg(NetlinkMessage message, int family, int resource) {
        byte[] networkOrder =
                ByteBuffer.allocate(Short.BYTES).putShort((short) resource).array();
        return message.int8(family).int8(0).int8(networkOrder[0]).int8(networkOrder[1]);
    }
}
