"""Files of a class put together: answers to quizzes, intrusion sheets, coding sheets, sealed claims."""
