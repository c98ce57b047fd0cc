"""Chats: questions asked, answers written as they come, kept with what they stand on."""
