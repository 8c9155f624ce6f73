"""Local servers that speak the real wire protocols of Telegram and WhatsApp; imports nothing of the bot."""
