// SPDX-License-Identifier: GPL-2.0
/*
 * Asks a Raspberry Pi's firmware to read tryboot.txt once, at a restart with the word "tryboot".
 *
 * Raspberry Pi's own kernel does so by itself; Linux's has no call for it. The words are the same
 * for both: reboot(2) with "PARTITION tryboot", of which we know partition 0 alone, where the
 * firmware looks for itself. Any other word is a plain restart, as if this were not here.
 */
#define pr_fmt(text) KBUILD_MODNAME ": " text

#include <linux/module.h>
#include <linux/of.h>
#include <linux/reboot.h>
#include <linux/string.h>
#include <soc/bcm2835/raspberrypi-firmware.h>

#define SET_REBOOT_FLAGS 0x00038064 /* a property tag that Linux's header does not list */
#define TRY_ONCE 1

static const char REQUEST[] = "0 tryboot";

static const struct of_device_id firmware_nodes[] = {
	{ .compatible = "raspberrypi,bcm2835-firmware" },
	{}
};
/* where there is such a firmware udev loads this, elsewhere nothing does */
MODULE_DEVICE_TABLE(of, firmware_nodes);

static int ask_firmware(void)
{
	struct device_node *node = of_find_matching_node(NULL, firmware_nodes);
	struct rpi_firmware *firmware;
	u32 flags = TRY_ONCE;
	int failed;

	if (!node)
		return -ENODEV;
	firmware = rpi_firmware_get(node);
	of_node_put(node);
	if (!firmware)
		return -EPROBE_DEFER;
	failed = rpi_firmware_property(firmware, SET_REBOOT_FLAGS, &flags, sizeof(flags));
	rpi_firmware_put(firmware);
	return failed;
}

static int before_restart(struct notifier_block *block, unsigned long action, void *words)
{
	int failed;

	if (action != SYS_RESTART || !words || strcmp(words, REQUEST) != 0)
		return NOTIFY_DONE;
	failed = ask_firmware();
	if (failed)
		pr_err("the firmware takes no request for a trial (%d): a plain restart\n", failed);
	else
		pr_notice("the firmware is asked to try the other slot once\n");
	return NOTIFY_DONE;
}

static struct notifier_block restart_block = { .notifier_call = before_restart };

static int __init start(void)
{
	return register_reboot_notifier(&restart_block);
}

static void __exit end(void)
{
	unregister_reboot_notifier(&restart_block);
}

module_init(start);
module_exit(end);
MODULE_DESCRIPTION("A restart into the other slot, once, by a Raspberry Pi's firmware");
MODULE_LICENSE("GPL");
