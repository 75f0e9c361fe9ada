"""placeholder"""
def check(program, folder):
    pass
